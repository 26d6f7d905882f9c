//! Which patients train the model and which only judge it.

/// The part a patient plays. The names of the user's column are kept for the reader.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role {
    /// As written in the role column.
    pub name: String,
    /// Whether selection and models may see these patients' outcome.
    pub training: bool,
}

impl Role {
    /// Names that mean training, in any case. Only these: in some papers `development` is training, in others it is not.
    const TRAINING: [&str; 2] = ["train", "training"];

    /// The role a column's value stands for.
    pub fn named(name: &str) -> Self {
        let training = Self::TRAINING.contains(&name.to_lowercase().as_str());
        Self { name: name.to_string(), training }
    }
}

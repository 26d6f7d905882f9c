//! The features chosen of a class.

use serde::Serialize;

use super::{CLASSES, Class, Compute, OfImage, OfOutline, Outcome, Reason, Value};

/// Features chosen of one class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    pub class: &'static str,
    pub features: Vec<&'static str>,
}

impl Selection {
    /// Every feature of a class but those that are computed only when named.
    pub(super) fn all(class: &'static Class) -> Self {
        Self { class: class.name, features: class.features.to_vec() }
    }

    /// The class, when it is computed of the region's outline.
    pub(super) fn of_outline(&self) -> Option<(&Self, OfOutline)> {
        match self.row()?.compute {
            Compute::Outline(compute) => Some((self, compute)),
            Compute::Image(_) => None,
        }
    }

    /// The class, when it is computed of intensities.
    pub(super) fn of_image(&self) -> Option<(&Self, OfImage)> {
        match self.row()?.compute {
            Compute::Image(compute) => Some((self, compute)),
            Compute::Outline(_) => None,
        }
    }

    /// The chosen ones among the values of the whole class.
    pub(super) fn pick(&self, outcome: Outcome) -> Vec<Value> {
        let all = self.row().into_iter().flat_map(|class| class.features.iter().chain(class.on_request));
        let all: Vec<&str> = all.copied().collect();
        let value = |feature: &&str| match &outcome {
            Err(reason) => Value::Undefined(*reason),
            Ok(values) => match all.iter().position(|f| f == feature).map(|k| values[k]) {
                Some(value) if value.is_finite() => Value::Number(value),
                _ => Value::Undefined(Reason::Indeterminate),
            },
        };
        self.features.iter().map(value).collect()
    }

    fn row(&self) -> Option<&'static Class> {
        CLASSES.into_iter().find(|class| class.name == self.class)
    }
}

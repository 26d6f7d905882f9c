//! A table as data: named columns, rows of text already written as the reader should see it.

/// Where a column's text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Right,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub align: Align,
}

/// Every row has one cell a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A column of words.
    pub fn left(self, name: &str) -> Self {
        self.column(name, Align::Left)
    }

    /// A column of numbers.
    pub fn right(self, name: &str) -> Self {
        self.column(name, Align::Right)
    }

    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The names of the columns, and then the rows.
    pub fn lines(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        let names = self.columns.iter().map(|c| c.name.clone()).collect();
        std::iter::once(names).chain(self.rows.iter().cloned())
    }

    fn column(mut self, name: &str, align: Align) -> Self {
        self.columns.push(Column { name: name.to_string(), align });
        self
    }
}

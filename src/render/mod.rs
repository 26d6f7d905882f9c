//! Pages to a medium: plain text, cells of a screen, HTML and SVG, Markdown, JSON. Pure functions, total at any size.

mod canvas;
pub mod cells;
pub mod clipboard;
mod columns;
pub mod figure;
mod frame;
pub mod html;
pub mod json;
pub mod markdown;
pub mod names;
mod picture;
pub mod points;
pub mod progress;
mod rulers;
pub mod svg;
pub mod text;
mod textplot;
pub mod theme;
mod ticks;
pub mod words;

//! What a medium can show: the tier of glyphs and of colour, and the palette that differs by mark before it differs by colour.

use ratatui::style::{Color, Modifier, Style};

/// The characters a medium is trusted with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Two by four braille dots a cell, box-drawing axes.
    Braille,
    /// Half blocks and box-drawing axes, and of all other signs those of code page 437: what the Linux console shows in its
    /// font of 256 glyphs.
    Block,
    /// 7-bit only.
    #[default]
    Ascii,
}

/// The colours a medium is trusted with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// No colour at all; emphasis by bold, dim and reverse.
    #[default]
    None,
    /// The terminal's own sixteen.
    Sixteen,
    /// A terminal of 256 colours, with 24 greys among them.
    Indexed,
    /// Any colour.
    True,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    pub glyphs: Glyphs,
    pub colour: Colour,
}

/// The environment as given; an empty string is a variable that is not set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment<'a> {
    pub lc_all: &'a str,
    pub lc_ctype: &'a str,
    pub lang: &'a str,
    pub term: &'a str,
    pub colorterm: &'a str,
    pub no_color: &'a str,
}

impl Theme {
    /// What the variables of this process say the terminal can show.
    pub fn of_environment() -> Self {
        let names = ["LC_ALL", "LC_CTYPE", "LANG", "TERM", "COLORTERM", "NO_COLOR"];
        let [lc_all, lc_ctype, lang, term, colorterm, no_color] = names.map(|n| std::env::var(n).unwrap_or_default());
        choose(&Environment {
            lc_all: &lc_all,
            lc_ctype: &lc_ctype,
            lang: &lang,
            term: &term,
            colorterm: &colorterm,
            no_color: &no_color,
        })
    }
}

/// The first locale variable that is set decides on UTF-8; the Linux console has no braille in its fonts; `dumb` and
/// monochrome terminals, and any value of `NO_COLOR`, get no colour. `COLORTERM` says that any colour can be shown; inside
/// `screen` it speaks of the terminal outside, which `screen` does not hand such colours to.
pub fn choose(environment: &Environment<'_>) -> Theme {
    let Environment { lc_all, lc_ctype, lang, term, colorterm, no_color } = *environment;
    let locale = [lc_all, lc_ctype, lang].into_iter().find(|v| !v.is_empty()).unwrap_or("").to_ascii_lowercase();
    let plain = term.is_empty() || term == "dumb";
    let mono = ["vt52", "vt100", "vt102", "vt220"].contains(&term) || term.ends_with("-m") || term.ends_with("-mono");
    let glyphs = match locale.contains("utf-8") || locale.contains("utf8") {
        true if term == "linux" => Glyphs::Block,
        true if !plain => Glyphs::Braille,
        _ => Glyphs::Ascii,
    };
    let any = ["truecolor", "24bit"].contains(&colorterm) && !term.starts_with("screen") && term != "linux";
    let colour = match term.contains("256") {
        _ if plain || mono || !no_color.is_empty() => Colour::None,
        _ if any || term.ends_with("-direct") => Colour::True,
        true => Colour::Indexed,
        false => Colour::Sixteen,
    };
    Theme { glyphs, colour }
}

/// Okabe and Ito's colours, which stay apart for red-green and blue-yellow blindness alike, in the order blue, orange, purple,
/// green, vermillion, sky: as they are, the nearest of 256. Of the
/// sixteen those that read on black and on white, which blue, red, magenta and grey are, the first far apart.
const PALETTE: [(Color, Color, Color); 6] = [
    (Color::Rgb(0, 114, 178), Color::Indexed(32), Color::LightBlue),
    (Color::Rgb(230, 159, 0), Color::Indexed(172), Color::LightRed),
    (Color::Rgb(204, 121, 167), Color::Indexed(175), Color::Magenta),
    (Color::Rgb(0, 158, 115), Color::Indexed(36), Color::DarkGray),
    (Color::Rgb(213, 94, 0), Color::Indexed(166), Color::Red),
    (Color::Rgb(86, 180, 233), Color::Indexed(74), Color::LightMagenta),
];

/// The signs of code page 437 beyond ASCII, which the fonts of the Linux console begin with.
const CONSOLE: &str = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬\
                       ╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■";

impl Glyphs {
    /// The mark of the k-th series: shapes first, then letters, so that some sixty series stay apart without colour.
    pub fn mark(self, k: usize) -> char {
        let shapes = match self {
            Self::Braille => ['●', '▲', '■', '◆', '○', '△', '□', '◇'],
            Self::Block => ['•', '▲', '■', '♦', '○', '▼', '►', '◄'],
            Self::Ascii => ['o', 'x', '+', '*', '#', '@', '%', '&'],
        };
        let letters = ('a'..='z').chain('A'..='Z').filter(|c| self != Self::Ascii || !"ox".contains(*c));
        shapes.into_iter().chain(letters).nth(k % 58).unwrap_or('*')
    }

    /// What stands where a name was cut.
    pub fn ellipsis(self) -> &'static str {
        if self == Self::Braille { "…" } else { ".." }
    }

    /// The knob of a slider.
    pub fn knob(self) -> char {
        match self {
            Self::Braille => '●',
            Self::Block => '■',
            Self::Ascii => 'O',
        }
    }

    /// Whether its font has this sign.
    pub fn has(self, c: char) -> bool {
        match self {
            Self::Braille => true,
            Self::Block => c.is_ascii() || CONSOLE.contains(c),
            Self::Ascii => c.is_ascii(),
        }
    }

    /// The line through the panel's border: across, up, corner, mark on the lower, left and upper axis.
    pub(super) fn axis(self) -> AxisGlyphs {
        match self {
            Self::Ascii => {
                AxisGlyphs { across: '-', up: '|', corner: '+', top: '+', below: '+', left: '+', above: '+' }
            }
            _ => AxisGlyphs {
                across: '─', up: '│', corner: '└', top: '┌', below: '┬', left: '┤', above: '┴'
            },
        }
    }
}

/// The characters of the axes.
pub(super) struct AxisGlyphs {
    pub across: char,
    pub up: char,
    pub corner: char,
    /// The corner where the left and the upper axis meet.
    pub top: char,
    pub below: char,
    pub left: char,
    pub above: char,
}

impl Theme {
    /// Text and marks of the k-th series.
    pub fn series(self, k: usize) -> Style {
        let (any, indexed, sixteen) = PALETTE[k % PALETTE.len()];
        match self.colour {
            Colour::True => Style::new().fg(any),
            Colour::Indexed => Style::new().fg(indexed),
            Colour::Sixteen => Style::new().fg(sixteen),
            Colour::None => Style::new(),
        }
    }

    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What stays in the background: axes, guides, units.
    pub fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A text that is offered and not there yet, in [`Theme::faint`]: some terminals without colour do not show that, and
    /// there brackets set it apart.
    pub fn offered(self, text: &str) -> String {
        if self.colour == Colour::None { format!("[{text}]") } else { text.to_string() }
    }

    pub fn caution(self) -> Style {
        self.coloured(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    pub fn table_head(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// A style with that colour where there is colour; without, no colour is set, so that nothing resets bold or reverse. Of
    /// the terminal's own sixteen some are too light for a white screen, others too dark for a black one: one of middle
    /// lightness takes their place, where there are more the nearest.
    pub fn coloured(self, colour: Color) -> Style {
        match self.colour {
            Colour::None => Style::new(),
            Colour::Sixteen => Style::new().fg(of_sixteen(colour)),
            Colour::Indexed | Colour::True => Style::new().fg(middle(colour)),
        }
    }
}

/// The one of the sixteen that stands for another which is faint on white: its contrast is over 3 to 1 there too.
fn of_sixteen(colour: Color) -> Color {
    match colour {
        Color::Yellow => Color::Magenta,
        Color::Cyan => Color::LightBlue,
        Color::Green => Color::DarkGray,
        other => other,
    }
}

/// The colour of 256 near one of the sixteen that reads on black and on white alike: its contrast is over 3 to 1 with both.
fn middle(colour: Color) -> Color {
    match colour {
        Color::Yellow => Color::Indexed(166),
        Color::Cyan => Color::Indexed(31),
        Color::Green => Color::Indexed(28),
        Color::LightRed => Color::Indexed(160),
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn env<'a>(lang: &'a str, term: &'a str, no_color: &'a str) -> Environment<'a> {
        Environment { lang, term, no_color, ..Environment::default() }
    }

    #[test]
    fn the_environment_decides() {
        let theme = |g, c| Theme { glyphs: g, colour: c };
        assert_eq!(choose(&env("de_DE.UTF-8", "xterm", "")), theme(Glyphs::Braille, Colour::Sixteen));
        assert_eq!(choose(&env("en_US.utf8", "linux", "")), theme(Glyphs::Block, Colour::Sixteen));
        assert_eq!(choose(&env("C", "xterm", "1")), theme(Glyphs::Ascii, Colour::None));
        assert_eq!(choose(&env("C", "xterm-256color", "")), theme(Glyphs::Ascii, Colour::Indexed));
        assert_eq!(choose(&env("C", "xterm-256color", "1")), theme(Glyphs::Ascii, Colour::None));
        assert_eq!(choose(&env("en_US.UTF-8", "dumb", "")), theme(Glyphs::Ascii, Colour::None));
        assert_eq!(choose(&Environment::default()), Theme::default());
        let any = |term| Environment { colorterm: "truecolor", ..env("C", term, "") };
        assert_eq!(choose(&any("xterm-256color")).colour, Colour::True);
        assert_eq!(choose(&any("screen-256color")).colour, Colour::Indexed);
        assert_eq!(choose(&any("vt100")).colour, Colour::None);
        let c_first = Environment { lc_all: "C", ..env("en_US.UTF-8", "xterm", "") };
        assert_eq!(choose(&c_first).glyphs, Glyphs::Ascii);
    }

    #[test]
    fn fifty_eight_series_have_marks_of_their_own() {
        for glyphs in [Glyphs::Braille, Glyphs::Block, Glyphs::Ascii] {
            let marks: HashSet<char> = (0..58).map(|k| glyphs.mark(k)).collect();
            assert_eq!(marks.len(), 58, "{glyphs:?}");
            assert!(marks.iter().all(|c| glyphs.has(*c)), "{glyphs:?}");
            assert!(glyphs.has(glyphs.knob()) && glyphs.ellipsis().chars().all(|c| glyphs.has(c)));
        }
    }

    #[test]
    fn six_series_differ_in_every_tier() {
        for colour in [Colour::Sixteen, Colour::Indexed, Colour::True] {
            let theme = Theme { glyphs: Glyphs::Braille, colour };
            let colours: HashSet<_> = (0..6).map(|k| theme.series(k).fg).collect();
            assert_eq!(colours.len(), 6, "{colour:?}");
        }
    }

    /// The contrast of two colours by WCAG: of their relative luminances, each 0.05 more.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        let luminance = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// The sixteen as xterm has them, where they are used.
    fn xterm(colour: Color) -> [f64; 3] {
        let rgb: [u8; 3] = match colour {
            Color::Red => [205, 0, 0],
            Color::Magenta => [205, 0, 205],
            Color::DarkGray => [127, 127, 127],
            Color::LightRed => [255, 0, 0],
            Color::LightBlue => [92, 92, 255],
            Color::LightMagenta => [255, 0, 255],
            other => panic!("{other:?}"),
        };
        rgb.map(|c| f64::from(c) / 255.0)
    }

    #[test]
    fn the_sixteen_that_are_used_read_on_black_and_on_white() {
        let theme = Theme { glyphs: Glyphs::Braille, colour: Colour::Sixteen };
        let words = [Color::Yellow, Color::Cyan, Color::Green, Color::LightRed].map(|c| theme.coloured(c));
        for style in (0..6).map(|k| theme.series(k)).chain(words) {
            let colour = xterm(style.fg.unwrap());
            for screen in [[0.0; 3], [1.0; 3]] {
                assert!(contrast(colour, screen) > 3.0, "{style:?} on {screen:?}: {}", contrast(colour, screen));
            }
        }
    }

    #[test]
    fn without_colour_no_colour_is_set() {
        let theme = Theme { glyphs: Glyphs::Braille, colour: Colour::None };
        for style in [theme.series(3), theme.heading(), theme.faint(), theme.caution(), theme.table_head()] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }
}

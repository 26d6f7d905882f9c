//! Keys are told apart.

use super::*;

#[test]
fn no_key_means_two_things_at_one_moment() {
    for (i, a) in KEYS.iter().enumerate() {
        for b in &KEYS[i + 1..] {
            let both = a.when == b.when && a.keys.iter().any(|k| b.keys.contains(k));
            assert!(!both, "{a:?} and {b:?}");
        }
    }
}

#[test]
fn the_first_that_holds_decides() {
    let enter = (Code::Enter, With::NONE);
    assert_eq!(action(enter, &[When::Tuning, When::Empty]), Some(Action::KeepTuned));
    assert_eq!(action(enter, &[When::Empty]), Some(Action::EditCell));
    assert_eq!(action((Code::Char('?'), With::SHIFT), &[When::Empty, When::Idle]), Some(Action::Help));
    assert_eq!(action((Code::Char('x'), With::NONE), &[When::Typing, When::Prompt, When::Always]), None);
}

//! Wavelet sub-bands and filter banks against PyRadiomics and PyWavelets, to the last bit.

use radnote::error::Error;
use radnote::image::filters::{Decomposition, Wavelet};
use radnote::image::{Pixel, Volume, Window};

use super::baseline::{image, lines, numbers, part, same, windows};

#[test]
fn filters_wavelet_bands_equal_pyradiomics() {
    let lines = lines("wavelet.csv");
    let mut cases: Vec<&[String]> = lines.iter().map(|line| &line[..5]).collect();
    cases.dedup();
    assert!(cases.len() > 8);
    for case in cases {
        let expected: Vec<&Vec<String>> = lines.iter().filter(|line| line[..5] == *case).collect();
        let image = image(&case[0]);
        let decomposition = decomposition(case);
        let names: Vec<&str> = expected.iter().map(|line| line[5].as_str()).collect();
        assert_eq!(decomposition.names(), names);
        for window in windows(&image) {
            let bands = bands(&decomposition, &image, &window);
            for (line, band) in expected.iter().zip(bands) {
                let whole = numbers(line, 6);
                same(&band.voxels, &part(&whole, &image, &window), &format!("{:?} {window:?}", &line[..6]));
                assert_eq!(band.geometry, image.geometry.cut(&window));
                let single = image.pixel == Pixel::Float32;
                assert_eq!(band.pixel, if single { Pixel::Float32 } else { Pixel::Float64 });
            }
        }
    }
}

#[test]
fn filters_wavelet_banks_equal_pywavelets() {
    let banks = lines("banks.csv");
    for line in &banks {
        let wavelet = Wavelet::named(&line[0]).unwrap();
        assert_eq!(wavelet.low().len().to_string(), line[1], "{}", line[0]);
        assert_eq!([checksum(wavelet.low()), checksum(wavelet.high())], line[2..], "{}", line[0]);
    }
    let mut names = Wavelet::names();
    let mut known: Vec<String> = banks.iter().map(|line| line[0].clone()).collect();
    names.sort();
    known.sort();
    assert_eq!(names, known);
}

/// The product of the halves, put together again, is the line itself, delayed: the sum of both filters' products with their
/// counterparts is 2 in the middle and 0 elsewhere. `dmey` cuts an endless filter short.
#[test]
fn filters_wavelet_banks_rebuild_a_line() {
    for name in Wavelet::names() {
        let wavelet = Wavelet::named(&name).unwrap();
        let (low, high) = (wavelet.low(), wavelet.high());
        let count = low.len();
        let signed = |i: usize, x: f64| if i % 2 == 1 { -x } else { x };
        let rebuild_low = |i: usize| signed(count - 1 - i, high[i]);
        let rebuild_high = |i: usize| signed(i, low[i]);
        let limit = if name == "dmey" { 5e-3 } else { 1e-10 };
        for delay in 0..2 * count - 1 {
            let within = (delay + 1).saturating_sub(count)..=delay.min(count - 1);
            let sum: f64 = within.map(|i| low[i] * rebuild_low(delay - i) + high[i] * rebuild_high(delay - i)).sum();
            let expected = if delay == count - 1 { 2.0 } else { 0.0 };
            assert!((sum - expected).abs() < limit, "{name}: {sum} at {delay}");
        }
        assert!((low.iter().sum::<f64>() - std::f64::consts::SQRT_2).abs() < 1e-14, "{name}");
    }
}

#[test]
fn filters_wavelet_of_a_wrong_name_names_the_nearest() {
    for (given, meant) in [("coif18", Some("coif1")), ("Haar", Some("haar")), ("gaus1", None)] {
        let Err(Error::NoSuch { nearest, .. }) = Wavelet::named(given) else { unreachable!("{given}") };
        if meant.is_some() {
            assert_eq!(nearest.as_deref(), meant);
        }
    }
    for given in ["", "#", "rdb2", "db", "db01", "bior", "rbio9.9"] {
        assert!(Wavelet::named(given).is_err(), "{given}");
    }
}

fn decomposition(case: &[String]) -> Decomposition {
    Decomposition {
        wavelet: Wavelet::named(&case[1]).unwrap(),
        level: case[2].parse().unwrap(),
        start_level: case[3].parse().unwrap(),
        plane: case[4].parse().ok(),
    }
}

fn bands(decomposition: &Decomposition, image: &Volume, window: &Window) -> Vec<Volume> {
    let mut bands = vec![None; decomposition.names().len()];
    let keep = |place: usize, band: Volume| {
        assert!(bands[place].replace(band).is_none());
        Ok(())
    };
    decomposition.each(image, window, keep).unwrap();
    bands.into_iter().map(Option::unwrap).collect()
}

/// FNV-1a, 64 bits.
fn checksum(filter: &[f64]) -> String {
    let bytes = filter.iter().flat_map(|c| c.to_le_bytes());
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}

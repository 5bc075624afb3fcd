//! This module knows how numbers read in what jobs tell.

/// `1,204,224`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let written: Vec<String> = [0, 999, 1000, 12_345, 4_000_000].map(grouped).into();
        assert_eq!(written, ["0", "999", "1,000", "12,345", "4,000,000"]);
    }
}

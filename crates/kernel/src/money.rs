//! Money: whole minor units of a currency of ISO 4217, never a fraction.

use std::{fmt, str::FromStr};

/// Active codes of list one, without funds, metals and tests; sorted.
const ACTIVE: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP",
    "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD",
    "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD",
    "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL",
    "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES",
    "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Those without minor units, and those with three digits of them; all others have two.
const WHOLE: &[&str] =
    &["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// The most that one amount may be, in minor units: far beyond any invoice, and so little that nine million of them add up
/// in an `i64`. Also less than 2^53, beyond which JavaScript's numbers have gaps.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// A currency in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(&'static str);

impl Currency {
    /// The currency of that code, in capital letters; none if there is none in use.
    pub fn of(code: &str) -> Option<Self> {
        ACTIVE.binary_search(&code).ok().and_then(|at| ACTIVE.get(at)).map(|code| Self(code))
    }

    /// Its code, as in `EUR`.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// How many of the amount's last digits are behind the point when people write it: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u8 {
        match self.0 {
            code if WHOLE.contains(&code) => 0,
            code if THOUSANDTHS.contains(&code) => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// No currency in use has that code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no currency of ISO 4217 in use")]
pub struct UnknownCurrency;

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::of(code).ok_or(UnknownCurrency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_exactly() {
        assert!(ACTIVE.is_sorted());
        assert!(["AED", "EUR", "ZWG"].iter().all(|code| Currency::of(code).is_some()));
        assert!(["eur", "XXX", "", "EURO"].iter().all(|code| Currency::of(code).is_none()));
    }

    #[test]
    fn minor_units_are_those_of_the_standard() {
        let exponent = |code: &str| Currency::of(code).map(Currency::exponent);
        assert_eq!(
            (exponent("EUR"), exponent("JPY"), exponent("KWD"), exponent("ISK")),
            (Some(2), Some(0), Some(3), Some(0))
        );
        assert!(WHOLE.iter().chain(THOUSANDTHS).all(|code| Currency::of(code).is_some()));
    }
}

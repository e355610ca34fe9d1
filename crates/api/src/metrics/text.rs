//! The text that Prometheus reads (exposition format 0.0.4).

use std::fmt::Write;

/// The text, as it is written.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Opens a metric.
    pub fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// A sample that counts.
    pub fn whole(&mut self, name: &str, labels: &[(&str, &str)], value: impl Into<u64>) {
        let value: u64 = value.into();
        self.sample(name, labels, &value.to_string());
    }

    /// A sample that measures.
    pub fn number(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.sample(name, labels, &value.to_string());
    }

    /// A metric of one sample.
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, "gauge", help);
        self.number(name, &[], value);
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        self.0.push_str(name);
        for (number, (label, content)) in labels.iter().enumerate() {
            let content = content.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{}{label}=\"{content}\"", if number == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    /// The whole of it.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_quoted() {
        let mut text = Text::default();
        text.whole("a", &[("b", "x\"y\\z\n")], 3_u64);
        text.gauge("c", "Some.", 0.5);
        assert_eq!(text.into_string(), "a{b=\"x\\\"y\\\\z\\n\"} 3\n# HELP c Some.\n# TYPE c gauge\nc 0.5\n");
    }
}

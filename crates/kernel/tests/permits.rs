//! What must not compile: data without a permit, with another action's permit, with a forged one; a handler without a
//! guard; a pool of one's own.

/// The compiler's words change between releases, so they are compared with one release and no other.
const RELEASE: &str = "1.95";

#[test]
fn what_must_not_compile_does_not() {
    let version = std::process::Command::new(env!("CARGO")).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if !version.starts_with(&format!("cargo {RELEASE}.")) {
        println!("skipped: the expected messages are those of Rust {RELEASE}, this is {version}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.pass("tests/permits/allowed.rs");
    cases.compile_fail("tests/permits/refused_*.rs");
}

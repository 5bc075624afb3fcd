//! What people type and what they read: the transcripts in `tests/cli`, each a small manual.

#[test]
fn transcripts_hold() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}

//! Black-box tests of the whole product; they are in `it/`.

/// A tag in hexadecimal, on the stack: whoever prepares a key would not want a `String` either.
pub struct HexTag([u8; 64]);

impl HexTag {
    pub fn new(tag: impl AsRef<[u8]>) -> Self {
        let mut digits = [0; 64];
        hex::encode_to_slice(tag, &mut digits).unwrap();
        Self(digits)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap()
    }

    /// The tag that a text stands for.
    #[must_use]
    pub fn parse(text: &str) -> Option<[u8; 32]> {
        let mut tag = [0; 32];
        hex::decode_to_slice(text, &mut tag).ok()?;
        Some(tag)
    }
}

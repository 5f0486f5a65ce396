use crate::Platform;

/// A value for each platform.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PerPlatform<T>(pub(super) [T; Platform::ALL.len()]);

#[expect(clippy::indexing_slicing, reason = "there is one for each platform")]
impl<T> PerPlatform<T> {
    pub(super) const fn get(&self, platform: Platform) -> &T {
        &self.0[platform as usize]
    }

    pub(super) const fn get_mut(&mut self, platform: Platform) -> &mut T {
        &mut self.0[platform as usize]
    }
}

//! Numbers that look random and are the same in every run: SplitMix64.

/// Begins with a seed.
pub(crate) struct Dice(pub u64);

impl Dice {
    /// One of so many sides, from 0.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        u8::try_from(self.roll(256)).unwrap()
    }

    pub(crate) fn of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.roll(things.len())]
    }
}

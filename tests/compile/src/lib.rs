//! Programs that have to compile, and programs whose mistakes have to be explained.

//! This module knows digests: computing many in one pass, and the lists and catalogues that name them.

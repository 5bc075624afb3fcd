//! This module knows how an image's length is weighed against all that is said of it.

use super::image::Image;
use super::scan::Scan;

pub(super) fn judge(_scan: &mut Scan<'_>, _image: &Image) {}

//! This module knows all that a person sees: arguments, sentences, progress, exit statuses.

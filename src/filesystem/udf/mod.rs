//! This module knows UDF.

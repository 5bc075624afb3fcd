//! A laser whose power for the disc is not found.

use discwright::burn::{Options, Remains, Verdict};
use discwright::sector::SECTOR_BYTES;

use crate::bench::{Bench, any_bytes, file};

const CD_R: &str = "medium = \"cd-r\"";

#[test]
fn a_laser_that_cannot_be_calibrated_is_tried_once_more_at_a_lower_speed() {
    // A CD is calibrated before anything is written, a DVD+R with its first write.
    for disc in [CD_R, "medium = \"dvd+r\""] {
        let image = any_bytes(320 * SECTOR_BYTES);
        let mut bench = Bench::with_faults(disc, "kind = \"calibration\"\nattempts = 1");
        let burnt = bench.burn(file(&image), &Options::default());
        let report = burnt.report();
        assert_eq!(report.verdict, Verdict::Same, "{disc}");
        let planned = burnt.plan.as_ref().unwrap();
        assert_eq!(report.plan.speed, planned.slower, "{disc}");
        assert!(report.plan.speed < planned.speed, "{disc}");
        let told = "the drive cannot calibrate its laser for this disc: once more, at ";
        assert_eq!(burnt.notices().iter().filter(|text| text.starts_with(told)).count(), 1, "{disc}");
        assert_eq!(bench.read(0, 320), image);
        let mut bench = Bench::with_faults(disc, "kind = \"calibration\"");
        let burnt = bench.burn(file(&image), &Options::default());
        let failure = burnt.failure();
        assert!(failure.to_string().ends_with("the drive could not calibrate its laser on this disc"), "{failure}");
        assert_eq!(failure.report.as_ref().unwrap().remains, Some(Remains::Blank), "{disc}");
    }
}

//! Checks in a real kernel, with drives that a third party serves: `cargo test --test kernel`.
//!
//! One boot serves them all. Each test here is the script of its name in `guest/check/`, and they run in this order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

mod conformance;
mod discs;
mod machine;
mod referee;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

macro_rules! checks {
    ($($name:ident)*) => {
        const CHECKS: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { machine::assert_passed(stringify!($name)); })*
    };
}

checks! {
    the_kernel_sees_each_drive_by_both_nodes
    dd_reads_the_backing_file
    every_drive_is_listed
    info_tells_what_is_on_the_disc
    a_recorded_drive_is_played_back
    a_rip_by_the_block_node_is_byte_exact
    a_rip_by_the_sg_node_is_byte_exact
    a_rip_is_named_after_the_volume
    a_rip_to_standard_output_leaves_no_file
    a_mounted_disc_is_ripped_and_it_is_said
    verify_compares_the_disc_with_the_image
    an_empty_drive_is_told
    a_blank_disc_is_known_and_not_ripped
    the_tray_goes_out_and_in
    a_drive_that_another_program_holds_is_refused
    two_rips_of_one_drive_do_not_ruin_each_other
    an_interrupted_rip_ends_at_once_and_goes_on_later
    an_ended_rip_leaves_the_tray_unlocked
    a_file_that_lost_sectors_is_named_in_every_order
    ddrescue_goes_on_where_a_rip_stopped
    a_member_of_the_group_needs_no_root
    who_is_not_in_the_group_is_told_its_name
    a_drive_that_leaves_in_mid_rip_costs_nothing
    an_attached_drive_is_one_of_the_kernels
    other_programs_read_an_attached_drive
    other_programs_write_cds
    two_sessions_become_one_image
    other_programs_write_dvd_r
    other_programs_write_dvd_rw
    other_programs_write_two_layers
    other_programs_write_bd_r
    growisofs_writes_over_a_bd_r
    damage_of_an_attached_disc_is_what_its_file_says
    a_killed_drive_is_dead_until_it_is_cleared_away
    the_tray_of_an_attached_drive_goes_out_and_in
    several_drives_are_attached_and_end_each_in_its_way
    commands_at_once_are_each_answered
    an_aborted_command_leaves_the_drive_as_it_was
    what_is_written_through_the_kernel_is_on_the_disc
    what_programs_say_to_an_attached_drive_is_kept
    a_burn_onto_dvds_is_read_by_others
    a_burn_onto_bds_is_read_by_others
    a_burn_onto_cds_is_read_by_others
    a_stream_is_burnt_as_it_comes
    a_burn_onto_a_disc_that_is_in_use_is_refused
    a_burn_that_was_killed_goes_on
    a_disc_that_grows_shows_what_was_added
    a_burn_on_a_drive_of_others_is_read_by_others
    an_attached_drive_answers_as_the_standard_has_it
}

#[test]
fn every_script_is_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel/guest/check");
    let scripts: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(scripts, CHECKS.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_image_that_is_made_is_asked_about() {
    referee::assert_all_are_asked_about();
}

use super::super::discover::drives_in;
use super::super::fake_kernel::{FakeKernel, sg, sr};
use super::*;
use crate::clock::SimulatedClock;

/// What a scripted `open(2)` is asked and says: an errno, or 0 for a file.
type Answerer<'a> = Box<dyn FnMut(&str, Rights, Sharing) -> i32 + 'a>;

struct Script<'a> {
    answer: Answerer<'a>,
    asked: Vec<String>,
}

impl Doors for Script<'_> {
    fn open(&mut self, path: &Path, rights: Rights, sharing: Sharing) -> io::Result<File> {
        let name = path.file_name().unwrap().to_str().unwrap();
        self.asked.push(format!("{name} {rights:?} {sharing:?}"));
        match (self.answer)(name, rights, sharing) {
            0 => File::open("/dev/null"),
            errno => Err(io::Error::from_raw_os_error(errno)),
        }
    }

    fn lead_to(&self, _: &Node) -> bool {
        true
    }
}

struct Scene {
    kernel: FakeKernel,
    nodes: DriveNodes,
    clock: SimulatedClock,
}

impl Scene {
    fn new() -> Self {
        let kernel = FakeKernel::new();
        let device = kernel.device("pci/ata3/host2/target2:0:0/2:0:0:0", 5);
        kernel.node(&device, "sr0", sr(0));
        kernel.node(&device, "sg1", sg(1));
        let nodes = drives_in(&kernel.roots).remove(0);
        Self { kernel, nodes, clock: SimulatedClock::new() }
    }

    fn mounted(self) -> Self {
        self.kernel.mountinfo("36 22 11:0 / /media/disc ro shared:2 - iso9660 /dev/sr0 ro\n");
        self
    }

    fn open<'a>(
        &'a self,
        access: Access,
        answer: impl FnMut(&str, Rights, Sharing) -> i32 + 'a,
    ) -> (Result<Opened, OpenError>, Vec<String>) {
        let mut doors = Script { answer: Box::new(answer), asked: Vec::new() };
        let (roots, nodes, clock) = (&self.kernel.roots, &self.nodes, &self.clock);
        let opener = Opener { roots, nodes, clock, doors: &mut doors };
        let opened = opener.open(&roots.dev.join("sr0"), sr(0), access);
        (opened, doors.asked)
    }
}

#[test]
fn a_rip_wants_the_drive_alone() {
    let scene = Scene::new();
    let (opened, asked) = scene.open(Access::Rip, |_, _, _| 0);
    let opened = opened.unwrap();
    assert_eq!((opened.rights, opened.claim), (Rights::ReadWrite, Claim::Sole));
    assert!(opened.other_door.is_some());
    assert_eq!(asked, ["sr0 ReadWrite Alone", "sg1 ReadWrite Alone"]);
}

#[test]
fn a_look_disturbs_nobody() {
    let scene = Scene::new();
    let (opened, asked) = scene.open(Access::Look, |_, _, _| 0);
    assert_eq!(opened.unwrap().claim, Claim::Shared);
    assert_eq!(asked, ["sr0 ReadWrite WithOthers"]);
}

#[test]
fn a_rip_goes_on_beside_a_mount_and_says_where() {
    let scene = Scene::new().mounted();
    let (opened, _) = scene.open(Access::Rip, |_, _, sharing| if sharing == Sharing::Alone { libc::EBUSY } else { 0 });
    let opened = opened.unwrap();
    assert_eq!(opened.claim, Claim::Mounted { at: vec!["/media/disc".into()] });
    assert_eq!((opened.rights, scene.clock.now()), (Rights::ReadWrite, Duration::ZERO));
}

#[test]
fn a_kernel_that_forbids_writing_to_what_is_mounted_is_asked_to_read() {
    let scene = Scene::new().mounted();
    let (opened, _) = scene.open(Access::Rip, |_, rights, sharing| match (rights, sharing) {
        (Rights::ReadOnly, Sharing::WithOthers) => 0,
        _ => libc::EBUSY,
    });
    assert_eq!(opened.unwrap().rights, Rights::ReadOnly);
}

#[test]
fn a_rip_waits_as_long_as_a_probe_takes() {
    let scene = Scene::new();
    let mut probes = 9;
    let (opened, _) = scene.open(Access::Rip, |_, _, _| {
        if probes == 0 {
            return 0;
        }
        probes -= 1;
        libc::EBUSY
    });
    assert_eq!(opened.unwrap().claim, Claim::Sole);
    assert_eq!(scene.clock.now(), BETWEEN_TRIES * 9);
}

#[test]
fn a_rip_is_refused_beside_another_program_and_tells_which() {
    let scene = Scene::new();
    scene.kernel.program(77, "brasero", &[&scene.kernel.roots.dev.join("sr0")]);
    let (opened, _) = scene.open(Access::Rip, |_, _, sharing| if sharing == Sharing::Alone { libc::EBUSY } else { 0 });
    let Err(OpenError::Held { by, .. }) = opened else { panic!("opened") };
    assert_eq!(by, [Holder::Program { pid: 77, name: "brasero".into() }]);
    assert_eq!(scene.clock.now(), BETWEEN_TRIES * (TRIES - 1));
}

#[test]
fn who_may_only_read_reads() {
    let scene = Scene::new();
    let (opened, asked) =
        scene.open(Access::Rip, |_, rights, _| if rights == Rights::ReadWrite { libc::EACCES } else { 0 });
    let opened = opened.unwrap();
    assert_eq!((opened.rights, opened.claim), (Rights::ReadOnly, Claim::Sole));
    assert_eq!(asked, ["sr0 ReadWrite Alone", "sr0 ReadOnly Alone", "sg1 ReadWrite Alone", "sg1 ReadOnly Alone"]);
}

#[test]
fn a_refusal_tells_whose_the_node_is() {
    let scene = Scene::new();
    let (opened, _) = scene.open(Access::Rip, |_, _, _| libc::EACCES);
    let Err(OpenError::NoPermission { rights, .. }) = opened else { panic!("opened") };
    let mode = std::fs::metadata(scene.kernel.roots.dev.join("sr0")).unwrap().mode();
    assert_eq!(rights.mode, mode & 0o7777);
    assert!(rights.callers_groups.contains(&group_name(nix::unistd::getegid())));
}

#[test]
fn what_the_kernel_says_of_a_node_is_told_apart() {
    let mut scene = Scene::new();
    let told = |scene: &Scene, errno| match scene.open(Access::Look, |_, _, _| errno).0 {
        Err(error) => format!("{error:?}").split(' ').next().map(str::to_owned).unwrap(),
        Ok(_) => "opened".to_owned(),
    };
    assert_eq!(told(&scene, libc::ENXIO), "NoSuchDevice");
    assert_eq!(told(&scene, libc::ENOENT), "NoSuchDevice");
    assert_eq!(told(&scene, libc::EPERM), "Forbidden");
    assert_eq!(told(&scene, libc::EBUSY), "Held");
    assert_eq!(told(&scene, libc::EIO), "System");
    scene.nodes.state = "offline".into();
    assert_eq!(told(&scene, libc::ENXIO), "Offline");
}

#[test]
fn a_generic_node_that_others_have_open_without_a_claim_is_shared() {
    let scene = Scene::new();
    let mut doors = Script {
        answer: Box::new(|name, _, sharing| if name == "sg1" && sharing == Sharing::Alone { libc::EBUSY } else { 0 }),
        asked: Vec::new(),
    };
    let (roots, nodes, clock) = (&scene.kernel.roots, &scene.nodes, &scene.clock);
    let opener = Opener { roots, nodes, clock, doors: &mut doors };
    let opened = opener.open(&roots.dev.join("sg1"), sg(1), Access::Rip).unwrap();
    assert_eq!(opened.claim, Claim::Shared);
}

#[test]
fn a_generic_node_that_may_only_be_read_cannot_be_had_alone() {
    let scene = Scene::new();
    let answer = |_: &str, rights, sharing| match (rights, sharing) {
        (Rights::ReadWrite, _) => libc::EACCES,
        (Rights::ReadOnly, Sharing::Alone) => libc::EPERM,
        (Rights::ReadOnly, Sharing::WithOthers) => 0,
    };
    let mut doors = Script { answer: Box::new(answer), asked: Vec::new() };
    let (roots, nodes, clock) = (&scene.kernel.roots, &scene.nodes, &scene.clock);
    let opener = Opener { roots, nodes, clock, doors: &mut doors };
    let opened = opener.open(&roots.dev.join("sg1"), sg(1), Access::Rip).unwrap();
    assert_eq!((opened.claim, opened.rights), (Claim::Shared, Rights::ReadOnly));
}

#[test]
fn a_program_that_came_in_by_the_other_door_is_noticed() {
    let scene = Scene::new();
    scene.kernel.program(77, "cdrecord", &[&scene.kernel.roots.dev.join("sg1")]);
    let (opened, _) = scene.open(Access::Rip, |name, _, _| if name == "sg1" { libc::EBUSY } else { 0 });
    let Err(OpenError::Held { by, .. }) = opened else { panic!("opened") };
    assert_eq!(by, [Holder::Program { pid: 77, name: "cdrecord".into() }]);
}

#[test]
fn another_door_that_is_locked_for_good_is_no_hindrance() {
    let scene = Scene::new();
    let (opened, _) = scene.open(Access::Rip, |name, _, _| if name == "sg1" { libc::EACCES } else { 0 });
    let opened = opened.unwrap();
    assert_eq!((opened.claim, opened.other_door.is_none()), (Claim::Sole, true));
}

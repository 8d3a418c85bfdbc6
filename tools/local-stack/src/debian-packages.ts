/** The Debian release whose packages are used, whatever release the machine runs: Ceph 18.2 is in no other. */
export const DEBIAN_SUITE = 'trixie';

/** A program of the tests and the packages that bring it. Add a service here. */
export const DEBIAN_PACKAGES = {
  redis: ['redis-server'],
  ceph: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
  chromium: ['chromium'],
  curl: ['curl'],
  prometheus: ['prometheus', 'promtool'],
  pushgateway: ['prometheus-pushgateway'],
  alertmanager: ['prometheus-alertmanager'],
} as const satisfies Record<string, readonly string[]>;

/** A key of `DEBIAN_PACKAGES`. */
export type DebianProgram = keyof typeof DEBIAN_PACKAGES;

/**
 * Packages that others depend on and that none of our programs touches when it runs: a third of the bytes.
 * Small ones are not worth a word here.
 */
export const SKIPPED_PACKAGES: ReadonlySet<string> = new Set([
  // drivers of graphics cards; a headless browser draws in software
  ...['mesa-libgallium', 'libgl1-mesa-dri', 'libglx-mesa0', 'libllvm19', 'libz3-4'],
  // the desktop around a browser window
  ...['libgtk-3-0t64', 'libgtk-3-common', 'adwaita-icon-theme', 'shared-mime-info', 'xkb-data', 'xdg-utils'],
  ...['x11-utils', 'x11-common', 'at-spi2-common', 'libgdk-pixbuf2.0-common', 'gtk-update-icon-cache'],
  // disks and services of a real storage node; the tests' store is in memory
  ...['lvm2', 'liblvm2cmd2.03', 'cryptsetup-bin', 'nvme-cli', 'smartmontools', 'xfsprogs', 'e2fsprogs', 'gdisk'],
  ...['parted', 'hdparm', 'systemd', 'systemd-sysv', 'libsystemd-shared', 'sudo', 'cron', 'logrotate'],
  // the `ceph` command and its Python
  ...['python3.13', 'python3.13-minimal', 'libpython3.13-stdlib', 'libpython3.13-minimal', 'ceph-volume'],
  ...['librgw2', 'librbd1', 'libcephfs2', 'libradosstriper1', 'python3-rbd', 'python3-rados', 'python3-rgw'],
  // what installing a package needs and unpacking it does not
  ...['dpkg', 'tar', 'passwd', 'debconf', 'openssl', 'procps', 'psmisc', 'mount', 'login.defs', 'perl-base'],
  ...['binutils-common', 'binutils-x86-64-linux-gnu', 'binutils-aarch64-linux-gnu', 'libgprofng0', 'libbinutils'],
]);

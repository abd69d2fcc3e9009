// The eras and systems of the home page's timeline: years and sources. What is said of them is in i18n.
// Systems bear proper names, the same in every language. A chapter attaches itself by naming an era.

/** The layer in which an era put the work of sharing or imitating a machine; `many` spans hosts. */
export type Place = 'hardware' | 'monitor' | 'hostos' | 'many';

export interface System {
  readonly name: string;
  readonly year: number;
  /** Last year of use, where it is known and matters. */
  readonly until?: number;
  readonly source: string;
}

export interface Era {
  readonly id: EraId;
  readonly from: number;
  /** Absent: it goes on. */
  readonly until?: number;
  readonly place: Place;
  readonly systems: readonly System[];
}

export type EraId =
  | 'compatible'
  | 'microcode'
  | 'timesharing'
  | 'trap-and-emulate'
  | 'x86-servers'
  | 'translation'
  | 'paravirtualization'
  | 'full-virtualization'
  | 'hardware-assist'
  | 'cloud'
  | 'orchestration'
  | 'containers';

const vmwareHistory = 'VMware release history (virtualization.info, ITKnowledgeExchange)';

export const eras: readonly Era[] = [
  {
    id: 'compatible',
    from: 1945,
    until: 1959,
    place: 'hardware',
    systems: [{ name: 'IBM 7090', year: 1959, source: 'timereshared.com, IBM 7094' }],
  },
  {
    id: 'microcode',
    from: 1958,
    until: 1972,
    place: 'hardware',
    systems: [
      { name: 'System/360', year: 1964, source: 'IBM announcement, 7 April 1964' },
      { name: '1401 Compatibility Feature', year: 1964, source: 'IBM A24-3255-1, April 1964' },
    ],
  },
  {
    id: 'timesharing',
    from: 1961,
    place: 'hostos',
    systems: [
      {
        name: 'CTSS',
        year: 1961,
        until: 1973,
        source: 'Corbató et al., SJCC 1962; Walden & Van Vleck (eds), 2011',
      },
      { name: 'Multics', year: 1969, source: 'multicians.org, Multics History' },
      { name: 'UNIX', year: 1971, source: 'UNIX Programmer’s Manual, First Edition, November 1971' },
      { name: 'Linux', year: 1991, source: 'Torvalds, comp.os.minix, August 1991' },
    ],
  },
  {
    id: 'trap-and-emulate',
    from: 1964,
    until: 1972,
    place: 'monitor',
    systems: [
      { name: 'CP-40', year: 1967, source: 'Creasy, IBM J. Res. Dev. 25(5), 1981; Comeau 1982' },
      { name: 'CP-67', year: 1967, source: 'Creasy 1981; Varian, VM and the VM Community, 1989' },
      { name: 'VM/370', year: 1972, source: 'IBM announcement, 2 August 1972' },
    ],
  },
  {
    id: 'x86-servers',
    from: 1993,
    until: 2001,
    place: 'monitor',
    systems: [
      { name: 'Disco', year: 1997, source: 'Bugnion, Devine, Rosenblum, SOSP 1997' },
      { name: 'VMware Virtual Platform', year: 1999, source: 'DEMO conference, 8 February 1999' },
    ],
  },
  {
    id: 'translation',
    from: 1999,
    until: 2003,
    place: 'monitor',
    systems: [
      { name: 'VMware for Linux 1.0', year: 1999, source: vmwareHistory },
      { name: 'VMware Workstation 2.0', year: 2000, source: vmwareHistory },
      { name: 'VMware ESX 1.0', year: 2001, source: vmwareHistory },
    ],
  },
  {
    id: 'paravirtualization',
    from: 2003,
    until: 2008,
    place: 'monitor',
    systems: [
      { name: 'Xen 1.0', year: 2003, source: 'Barham et al., SOSP 2003; Xen source tree, README.CD' },
    ],
  },
  {
    id: 'full-virtualization',
    from: 2003,
    until: 2006,
    place: 'monitor',
    systems: [
      { name: 'VMware ESX 2.0', year: 2003, source: vmwareHistory },
      { name: 'Windows Virtual Server', year: 2004, source: 'Microsoft, Virtual Server 2005, autumn 2004' },
      { name: 'VMware Server', year: 2006, source: 'VMware, Server 1.0, July 2006' },
    ],
  },
  {
    id: 'hardware-assist',
    from: 2005,
    place: 'hardware',
    systems: [
      { name: 'Intel VT-x', year: 2005, source: 'Pentium 4 662 and 672, November 2005' },
      { name: 'Xen 3.0', year: 2005, source: 'XenSource, December 2005' },
      { name: 'AMD-V', year: 2006, source: 'Athlon 64 “Orleans”, May 2006' },
      { name: 'KVM', year: 2007, source: 'Linux 2.6.20, February 2007' },
      { name: 'EPT', year: 2008, source: 'Nehalem, November 2008' },
    ],
  },
  {
    id: 'cloud',
    from: 2006,
    place: 'many',
    systems: [
      { name: 'EC2', year: 2006, source: 'Amazon, limited beta, 25 August 2006' },
      { name: 'App Engine', year: 2008, source: 'Google, preview, 7 April 2008' },
      { name: 'Hyper-V', year: 2008, source: 'Microsoft, release to manufacturing, 26 June 2008' },
      { name: 'IIJ GIO', year: 2010, source: 'IIJ, as told by the provider in 2024' },
    ],
  },
  {
    id: 'orchestration',
    from: 2010,
    place: 'many',
    systems: [
      { name: 'CloudStack', year: 2010, source: 'Cloud.com, May 2010' },
      { name: 'OpenStack', year: 2010, source: 'Rackspace and NASA, July 2010' },
      {
        name: 'vRealize Orchestrator',
        year: 2014,
        source: 'VMware, renamed from vCenter Orchestrator, 2014',
      },
    ],
  },
  {
    id: 'containers',
    from: 2013,
    place: 'hostos',
    systems: [
      { name: 'chroot', year: 1979, source: 'UNIX Seventh Edition, 1979' },
      { name: 'FreeBSD jails', year: 2000, source: 'FreeBSD 4.0, March 2000' },
      { name: 'Solaris Zones', year: 2004, source: 'Solaris 10' },
      { name: 'LXC', year: 2008, source: 'LXC 0.1.0, August 2008' },
      { name: 'Docker', year: 2013, source: 'PyCon, March 2013' },
      { name: 'Kubernetes', year: 2015, source: 'Kubernetes 1.0, 21 July 2015' },
      { name: 'KubeVirt', year: 2017, source: 'Red Hat, January 2017' },
      { name: 'OpenShift Virtualization', year: 2020, source: 'Red Hat, OpenShift 4.5, 2020' },
    ],
  },
];

/** The years that the axis shows. */
export const span = { from: 1940, until: 2027 } as const;

export const isEra = (text: string): text is EraId => eras.some(({ id }) => id === text);

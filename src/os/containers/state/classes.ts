/** The classes whose objects are part of the kernel's state, by the name that a saved state gives them. */
import { AnyReady, Backlog, ChildNews, Joined, Never, Ready, SignalPending, Woken } from '../calls/waits.ts';
import { Chance } from '../chance.ts';
import { GroupDirectory, GroupFile } from '../files/cgroupfs.ts';
import { FullFile, NullFile, RandomFile, ZeroFile } from '../files/devices.ts';
import { MapFile, SetgroupsFile } from '../files/id-maps.ts';
import { Special, SymbolicLink } from '../files/inode.ts';
import { MountNamespace } from '../files/mounts.ts';
import { NamespaceDirectory, NamespaceFile, NamespaceLink } from '../files/nsfs.ts';
import { OpenDirectory, OpenPlace, OpenRegular } from '../files/open-file.ts';
import { ByteQueue, Pipe, PipeEnd } from '../files/pipe.ts';
import { OverlayDirectory, OverlayFileSystem } from '../files/overlay.ts';
import { OverlayFile, OverlayLink, OverlaySpecial } from '../files/overlay-leaves.ts';
import * as proc from '../files/procfs.ts';
import { MemoryDirectory, MemoryFile, MemoryFileSystem } from '../files/tmpfs.ts';
import { OpenMaster, OpenSlave, PseudoTerminal, PtsDirectory, SlaveNode } from '../files/pty.ts';
import { OpenTerminal, Terminal } from '../files/tty.ts';
import { AddressSpace } from '../memory/address-space.ts';
import { Frames } from '../memory/frames.ts';
import { PageCache } from '../memory/page-cache.ts';
import { PageTables } from '../memory/page-tables.ts';
import { Regions } from '../memory/regions.ts';
import { UserMemory } from '../memory/user.ts';
import { EventCounter, EventPoll, TimerFile } from '../files/event-files.ts';
import { DatagramSocket } from '../net/socket.ts';
import { StreamSocket } from '../net/stream.ts';
import { Bridge, Network } from '../net/network.ts';
import { ControlGroup } from '../process/cgroup.ts';
import { UserNamespace } from '../process/credentials.ts';
import { FileTable } from '../process/file-table.ts';
import { Futexes } from '../process/futex.ts';
import { PidNamespace } from '../process/namespaces.ts';
import { Process, Thread } from '../process/process.ts';
import { Scheduler } from '../process/scheduler.ts';
import { Processor } from '../processor.ts';
import type { Classes } from './graph.ts';

export const CLASSES: Classes = {
  ...{
    AddressSpace,
    AnyReady,
    Backlog,
    ByteQueue,
    Chance,
    ChildNews,
    ControlGroup,
    FileTable,
    Frames,
    FullFile,
    Futexes,
    Joined,
  },
  ...{ GroupDirectory, GroupFile, MapFile, NamespaceDirectory, NamespaceFile, NamespaceLink, SetgroupsFile },
  ...{
    MemoryDirectory,
    MemoryFile,
    MemoryFileSystem,
    MountNamespace,
    Network,
    Never,
    NullFile,
    OpenDirectory,
  },
  ...{ OverlayDirectory, OverlayFile, OverlayFileSystem, OverlayLink, OverlaySpecial },
  ...{ OpenPlace, OpenRegular, OpenTerminal, PageCache, PageTables, PidNamespace, Pipe, PipeEnd, Process },
  ...{ Processor, RandomFile, Ready, Regions, Scheduler, Special, SymbolicLink, Terminal, Thread },
  ...{ Bridge, DatagramSocket, EventCounter, EventPoll, SignalPending, StreamSocket, TimerFile },
  ...{ OpenMaster, OpenSlave, PseudoTerminal, PtsDirectory, SlaveNode },
  ...{ UserMemory, UserNamespace, Woken, ZeroFile },
  ...{
    DescriptorDirectory: proc.DescriptorDirectory,
    FixedDirectory: proc.FixedDirectory,
    OpenedLink: proc.OpenedLink,
    ProcRoot: proc.ProcRoot,
    ProcessLink: proc.ProcessLink,
    ProcessText: proc.ProcessText,
    SelfLink: proc.SelfLink,
    SystemText: proc.SystemText,
  },
};

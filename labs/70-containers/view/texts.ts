/** What this chapter calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    look: 'look: what does a program see?',
    build: 'build: a container by hand',
    escape: 'escape: read the host’s secret',
    bomb: 'bomb: as many processes as it may',
    hog: 'hog: as much memory as it may',
    neighbours: 'neighbours: two that compute',
    compute: 'compute: sort and sum',
    syscall: 'syscall: 10,000 system calls',
    forkwait: 'forkwait: 200 processes',
    pgfault: 'pgfault: 2,048 page faults',
    script: 'script: write your own',
    shell: 'shell: a container to talk to',
    image: 'image: one of your own',
  },
  techniques: {
    process: 'Plain process',
    chroot: 'chroot (1979)',
    jail: 'As a jail (2000)',
    lxc: 'As LXC (2008)',
    docker: 'As Docker (2013)',
  },
  layers: {
    'guest-kernel:0': 'Shared kernel',
    'guest-user:0': 'Programs',
  },
};

const ja: LabTexts = {
  workloads: {
    look: 'look: プログラムから何が見えるか',
    build: 'build: 手で組み立てるコンテナ',
    escape: 'escape: ホストの秘密を読む',
    bomb: 'bomb: 作れるだけのプロセス',
    hog: 'hog: 取れるだけのメモリ',
    neighbours: 'neighbours: 計算する隣人',
    compute: 'compute: ソートと集計',
    syscall: 'syscall: システムコール1万回',
    forkwait: 'forkwait: プロセス200個',
    pgfault: 'pgfault: ページフォルト2,048回',
    script: 'script: 自分で書く',
    shell: 'shell: コンテナと対話する',
    image: 'image: 手元のイメージ',
  },
  techniques: {
    process: 'ふつうのプロセス',
    chroot: 'chroot（1979年）',
    jail: 'jail風（2000年）',
    lxc: 'LXC風（2008年）',
    docker: 'Docker風（2013年）',
  },
  layers: {
    'guest-kernel:0': '共有カーネル',
    'guest-user:0': 'プログラム',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };

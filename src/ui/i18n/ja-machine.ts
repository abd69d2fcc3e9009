/** Japanese words for what happens on a machine, and for the fields of its registers. */
import { pcExplain, pcKinds, pcSentences } from './ja-pc.ts';
import type { EventWords, machine as english } from './en-machine.ts';

const by = (subject: string) => (subject === '' ? '' : `${subject}の`);
const from = (address: string) => (address === '' ? '' : `${address}番地の`);
const note = (name: string) => (name === '' ? '' : `(${name})`);
const taken = (layer: string) => `${layer}に制御が移る`;

const sentences: Readonly<Record<string, (e: EventWords) => string>> = {
  'program-interruption': (e) =>
    e.mnemonic === ''
      ? `${from(e.at)}プログラム割込み${note(e.name)}。${taken(e.layer)}`
      : `トラップ: ${from(e.at)}${e.mnemonic}${note(e.name)}。${taken(e.layer)}`,
  svc: (e) => `${from(e.at)}スーパバイザ呼出し${e.code}。${taken(e.layer)}`,
  'external-interruption': (e) => `外部割込み${note(e.name)}。${taken(e.layer)}`,
  'machine-check': (e) => `機械チェック割込み${note(e.name)}`,
  restart: (e) => `再始動割込み。${taken(e.layer)}`,
  'io-start': (e) =>
    e.mnemonic === ''
      ? `${e.layer}が${by(e.subject)}装置${e.device}を始動する`
      : `${from(e.at)}${e.mnemonic}: 装置${e.device}`,
  'io-instruction': (e) => `${from(e.at)}${e.mnemonic}: 装置${e.device}`,
  'io-interruption': (e) => `装置${e.device}からの入出力割込み。${taken(e.layer)}`,
  'io-end': (e) => `${by(e.subject)}装置${e.device}の動作が終了`,
  simulate: (e) => `${e.layer}が${by(e.subject)}${from(e.at)}${e.mnemonic}を模擬する`,
  call: (e) => `${e.layer}が${by(e.subject)}${e.name}の呼出しに応える`,
  reflect: (e) => `${e.layer}が${e.name || '割込み'}を${e.subject || 'ゲスト'}に反映する`,
  dispatch: (e) => `${e.layer}が${e.subject || 'ゲスト'}をディスパッチする`,
  'page-in': (e) => `${by(e.subject)}ページ${e.page}をページイン`,
  'page-out': (e) => `${by(e.subject)}ページ${e.page}をページアウト`,
  'shadow-fault': (e) => `${e.layer}が${by(e.subject)}アドレス${e.page}をシャドウ表に登録する`,
  'shadow-purge': (e) => `${e.layer}が${by(e.subject)}シャドウ表を無効にする`,
  diagnose: (e) => `${from(e.at)}DIAGNOSE ${e.code}: ${e.subject || 'ゲスト'}から${e.layer}への依頼`,
  assist: (e) => `${from(e.at)}${e.mnemonic}をマイクロコードが処理。トラップは起きない`,
  console: (e) => `${e.layer}が${by(e.subject)}端末に印字${note(e.name)}`,
  command: (e) => `${by(e.subject)}コマンド${note(e.name)}`,
  wait: (e) => `${e.subject || 'プロセッサ'}が待ち状態に入る`,
};

const kinds: Readonly<Record<string, string>> = {
  'program-interruption': 'プログラム割込み',
  svc: 'SVC割込み',
  'external-interruption': '外部割込み',
  'machine-check': '機械チェック割込み',
  restart: '再始動割込み',
  'io-start': '入出力開始',
  'io-instruction': '入出力命令',
  'io-interruption': '入出力割込み',
  'io-end': '入出力終了',
  simulate: '模擬',
  call: '呼出し',
  reflect: '割込みの反映',
  dispatch: 'ディスパッチ',
  'page-in': 'ページイン',
  'page-out': 'ページアウト',
  'shadow-fault': 'シャドウフォールト',
  'shadow-purge': 'シャドウ表の無効化',
  diagnose: 'DIAGNOSE',
  assist: 'アシスト',
  console: 'コンソール',
  command: 'コマンド',
  wait: '待ち状態',
};

const programInterruptions: Readonly<Record<number, string>> = {
  1: '演算例外',
  2: '特権命令例外',
  3: '実行例外',
  4: '記憶保護例外',
  5: 'アドレス指定例外',
  6: '指定例外',
  7: 'データ例外',
  8: '固定小数点オーバフロー例外',
  9: '固定小数点除算例外',
  10: '10進オーバフロー例外',
  11: '10進除算例外',
  12: '指数オーバフロー例外',
  13: '指数アンダフロー例外',
  14: '有効数字例外',
  15: '浮動小数点除算例外',
  16: 'セグメント変換例外',
  17: 'ページ変換例外',
  18: '変換指定例外',
  19: '特殊命令例外',
  64: 'モニタ事象',
  128: 'プログラム事象',
};

const explain: Readonly<Record<string, string>> = {
  psw: 'プログラム状態語。プロセッサが実行を続けるのに必要な状態を8バイトに収めたもの。',
  'psw.system-mask': 'システムマスク。受け付ける割込みの種類を決める。',
  'psw.channel-masks': 'チャネルマスク。1のチャネルは割込みを起こせる。',
  'psw.per': 'プログラム事象記録(PER)マスク。指定した分岐・命令取出し・格納で割り込む。',
  'psw.dat': '動的アドレス変換。オンならアドレスは仮想、オフなら実アドレス。',
  'psw.io': '入出力マスク。1ならチャネルからの割込みを受け付ける。',
  'psw.external': '外部マスク。1ならタイマ、時計、割込みキーからの割込みを受け付ける。',
  'psw.key': 'アクセスキー。触れるブロックごとの記憶保護キーと照合される。0はどのブロックにも合う。',
  'psw.ec': '制御モード。0はSystem/360と同じ基本制御(BC)、1は動的アドレス変換に必要な拡張制御(EC)。',
  'psw.machine-check': '機械チェックマスク。1ならハードウェア障害の割込みを受け付ける。',
  'psw.wait': '待ち状態。1なら割込みが来るまで命令を実行しない。',
  'psw.problem':
    '問題プログラム状態。1なら特権命令は許されず、使うとトラップする。仮想マシンはつねにこの状態で走る。0は監視プログラム状態。',
  'psw.cc': '条件コード。直前の命令の結果を0から3で表し、分岐命令が調べる。',
  'psw.program-mask':
    'プログラムマスク。固定小数点オーバフロー、10進オーバフロー、指数アンダフロー、有効数字の各例外で割り込むかどうか。',
  'psw.ia': '命令アドレス。次に実行する命令の位置。',
  'psw.ic': '割込みコード。直前の割込みの原因(BCモードではここに置かれる)。',
  'psw.ilc': '命令長コード。直前の命令の長さを半語単位で表す。命令の先頭を求めるのに使う。',
  gr: '汎用レジスタ。数値やアドレスを入れる32ビット。',
  fpr: '浮動小数点レジスタ。64ビット、16進指数。',
  'cr.0': '制御レジスタ0。外部割込みのマスク、ページとセグメントの大きさなど。',
  'cr.1': '制御レジスタ1。セグメント表の長さとアドレス。書き換えるとアドレス空間が切り替わる。',
  'cr.2': '制御レジスタ2。ECモードのチャネルマスク。',
  'cr.6': '制御レジスタ6。VMアシストのスイッチ。どの仮想マシンをどう助けるか。',
  'cr.8': '制御レジスタ8。モニタ呼出しのマスク。',
  'cr.9': '制御レジスタ9。記録するプログラム事象と対象レジスタ。',
  'cr.10': '制御レジスタ10。プログラム事象を監視する先頭アドレス。',
  'cr.11': '制御レジスタ11。プログラム事象を監視する末尾アドレス。',
  'cr.14': '制御レジスタ14。機械チェックとその記録のマスク。',
  'cr.15': '制御レジスタ15。機械チェックの記録先。',
};

export const machine: typeof english = {
  sentences: { ...sentences, ...pcSentences },
  kinds: { ...kinds, ...pcKinds },
  programInterruptions,
  explain: { ...explain, ...pcExplain },
  otherEvent: (kind, address) => `${from(address)}${kind}`,
  then: (first, second) => `${first}。${second}`,
  enters: (layer) => `${layer}が実行中`,
  nextInstruction: (address, text) => `次の命令: ${address} ${text}`,
  atCycle: (clock, layer) => `${clock}サイクル: ${layer}が実行中`,
};

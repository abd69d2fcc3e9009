/** Requests about network interfaces, as ifconfig makes them. netdevice(7). */
import { fail } from '../abi/errno.ts';
import type { UserMemory } from '../memory/user.ts';
import type { Interface, Network } from './network.ts';

const SIOCGIFCONF = 0x8912;
const [SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK] = [0x8913, 0x8915, 0x8919, 0x891b];
const [SIOCGIFMETRIC, SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX] = [0x891d, 0x8921, 0x8927, 0x8933];
const NAME = 16;
const REQUEST = 32;
/** IFF_UP, RUNNING, and LOOPBACK or BROADCAST and MULTICAST. */
const flagsOf = ({ name }: Interface): number => 0x41 | (name === 'lo' ? 8 : 0x1002);
const encoder = new TextEncoder();

const addressBytes = (ip: number): Uint8Array =>
  Uint8Array.of(2, 0, 0, 0, ip >>> 24, ip >>> 16, ip >>> 8, ip, ...new Uint8Array(8));

function list(interfaces: readonly Interface[], at: number, memory: UserMemory): number {
  const [length, buffer] = [...memory.words(at, 2)] as [number, number];
  const room = buffer === 0 ? interfaces.length : Math.floor(Math.max(0, length) / REQUEST);
  const shown = interfaces.slice(0, room);
  if (buffer !== 0)
    shown.forEach(({ name, ip }, k) => {
      const bytes = new Uint8Array(REQUEST);
      bytes.set(encoder.encode(name).subarray(0, NAME - 1));
      bytes.set(addressBytes(ip), NAME);
      memory.write(buffer + k * REQUEST, bytes);
    });
  memory.setWord(at, shown.length * REQUEST);
  return 0;
}

export function interfaceRequest(network: Network, request: number, at: number, memory: UserMemory): number {
  const { interfaces } = network;
  if (request === SIOCGIFCONF) return list(interfaces, at, memory);
  if (request < SIOCGIFCONF || request > SIOCGIFINDEX) return fail('ENOTTY');
  const name = new TextDecoder().decode(memory.read(at, NAME)).replace(/\0.*$/s, '');
  const index = interfaces.findIndex((each) => each.name === name);
  const found = interfaces[index] ?? fail('ENODEV');
  const mask = found.prefix === 0 ? 0 : (-1 << (32 - found.prefix)) >>> 0;
  const put = (bytes: Uint8Array): number => {
    memory.write(at + NAME, bytes);
    return 0;
  };
  const word = (value: number): number => put(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
  switch (request) {
    case SIOCGIFFLAGS:
      return put(Uint8Array.of(flagsOf(found), flagsOf(found) >>> 8));
    case SIOCGIFADDR:
      return put(addressBytes(found.ip));
    case SIOCGIFBRDADDR:
      return put(addressBytes((found.ip | ~mask) >>> 0));
    case SIOCGIFNETMASK:
      return put(addressBytes(mask));
    case SIOCGIFMETRIC:
      return word(0);
    case SIOCGIFMTU:
      return word(name === 'lo' ? 65536 : 1500);
    case SIOCGIFINDEX:
      return word(index + 1);
    case SIOCGIFHWADDR:
      // ARPHRD_LOOPBACK, or Ethernet with an address that is made of the other one, as Docker makes it.
      return name === 'lo'
        ? put(Uint8Array.of(0x04, 0x03, ...new Uint8Array(14)))
        : put(Uint8Array.of(1, 0, 2, 0x42, found.ip >>> 24, found.ip >>> 16, found.ip >>> 8, found.ip));
    default:
      return fail('EPERM');
  }
}

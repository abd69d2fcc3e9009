/**
 * What is at the other end of the network cable: one host, 10.0.2.2, that answers ARP (RFC 826), echo requests
 * (RFC 792) and whatever is sent to UDP port 7 (RFC 862); other UDP ports are unreachable. It remembers nothing.
 */
import type { Network } from './ne2000.ts';

export const HOST_ADDRESS = [10, 0, 2, 2] as const;
const HOST_MAC = [0x52, 0x55, 10, 0, 2, 2] as const;
const ETHERNET = 14;
const TYPE_IP = 0x0800;
const TYPE_ARP = 0x0806;
const PROTOCOL_ICMP = 1;
const PROTOCOL_UDP = 17;
const ARP_REQUEST = 1;
const ECHO_REQUEST = 8;
const UNREACHABLE = 3;
const PORT_UNREACHABLE = 3;
const UDP_ECHO = 7;
const IP_HEADER = 20;
const UDP_HEADER = 8;
const TIME_TO_LIVE = 64;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
function setWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}

/** The Internet checksum. RFC 1071. */
function checksum(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let at = 0; at < bytes.length; at += 2) sum += word(bytes, at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const isHost = (address: Uint8Array): boolean => HOST_ADDRESS.every((byte, k) => byte === address[k]);

/** A frame from the host to whoever sent `frame`. */
function framed(frame: Uint8Array, type: number, body: Uint8Array): Uint8Array {
  const answer = new Uint8Array(ETHERNET + body.length);
  answer.set(frame.subarray(6, 12), 0);
  answer.set(HOST_MAC, 6);
  setWord(answer, 12, type);
  answer.set(body, ETHERNET);
  return answer;
}

function arp(frame: Uint8Array): Uint8Array | null {
  const request = frame.subarray(ETHERNET, ETHERNET + 28);
  if (request.length < 28 || word(request, 6) !== ARP_REQUEST || !isHost(request.subarray(24, 28)))
    return null;
  const reply = request.slice();
  setWord(reply, 6, 2);
  reply.set(HOST_MAC, 8);
  reply.set(HOST_ADDRESS, 14);
  reply.set(request.subarray(8, 18), 18);
  return framed(frame, TYPE_ARP, reply);
}

/** An IP packet back to the sender of `packet`. */
function packetTo(packet: Uint8Array, protocol: number, body: Uint8Array): Uint8Array {
  const answer = new Uint8Array(IP_HEADER + body.length);
  answer[0] = 0x45;
  setWord(answer, 2, answer.length);
  setWord(answer, 4, word(packet, 4));
  answer[8] = TIME_TO_LIVE;
  answer[9] = protocol;
  answer.set(HOST_ADDRESS, 12);
  answer.set(packet.subarray(12, 16), 16);
  setWord(answer, 10, checksum(answer.subarray(0, IP_HEADER)));
  answer.set(body, IP_HEADER);
  return answer;
}

function icmp(message: Uint8Array): Uint8Array | null {
  if (message[0] !== ECHO_REQUEST || checksum(message) !== 0) return null;
  const reply = message.slice();
  reply[0] = 0;
  setWord(reply, 2, 0);
  setWord(reply, 2, checksum(reply));
  return reply;
}

function unreachable(packet: Uint8Array, headerLength: number): Uint8Array {
  const quoted = packet.subarray(0, headerLength + UDP_HEADER);
  const message = new Uint8Array(8 + quoted.length);
  [message[0], message[1]] = [UNREACHABLE, PORT_UNREACHABLE];
  message.set(quoted, 8);
  setWord(message, 2, checksum(message));
  return message;
}

function udp(packet: Uint8Array, datagram: Uint8Array): Uint8Array {
  const reply = datagram.slice();
  setWord(reply, 0, word(datagram, 2));
  setWord(reply, 2, word(datagram, 0));
  setWord(reply, 6, 0);
  // The checksum also covers addresses, protocol and length.
  const pseudo = new Uint8Array([...packet.subarray(12, 20), 0, PROTOCOL_UDP, ...reply.subarray(4, 6)]);
  const sum = checksum(reply, ~checksum(pseudo) & 0xffff);
  setWord(reply, 6, sum === 0 ? 0xffff : sum);
  return reply;
}

function ip(frame: Uint8Array): Uint8Array | null {
  const headerLength = (frame[ETHERNET]! & 15) * 4;
  const packet = frame.subarray(ETHERNET, ETHERNET + word(frame, ETHERNET + 2));
  const fits = packet.length >= headerLength && headerLength >= IP_HEADER && packet[0]! >> 4 === 4;
  if (!fits || !isHost(packet.subarray(16, 20))) return null;
  if (checksum(packet.subarray(0, headerLength)) !== 0) return null;
  const body = packet.subarray(headerLength);
  const [protocol, answer] = answered(packet, body, headerLength);
  return answer && framed(frame, TYPE_IP, packetTo(packet, protocol, answer));
}

function answered(
  packet: Uint8Array,
  body: Uint8Array,
  headerLength: number,
): readonly [protocol: number, answer: Uint8Array | null] {
  if (packet[9] === PROTOCOL_ICMP) return [PROTOCOL_ICMP, icmp(body)];
  if (packet[9] !== PROTOCOL_UDP || body.length < UDP_HEADER) return [0, null];
  if (word(body, 2) === UDP_ECHO) return [PROTOCOL_UDP, udp(packet, body)];
  return [PROTOCOL_ICMP, unreachable(packet, headerLength)];
}

export const localNetwork: Network = {
  answer: (frame) => {
    const type = word(frame, 12);
    const reply = type === TYPE_ARP ? arp(frame) : type === TYPE_IP ? ip(frame) : null;
    return reply ? [reply] : [];
  },
};

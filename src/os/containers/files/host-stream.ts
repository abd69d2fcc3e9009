/** Standard input, output and error of a container as its host has connected them. */
import { fail } from '../abi/errno.ts';
import { POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
import { OpenFile } from './open-file.ts';

/** Bytes that the host brings; at the end `read` answers an empty array, null while there are none yet. */
export interface HostInput {
  read(length: number): Uint8Array | null;
  readonly waits: boolean;
}

export class HostReader extends OpenFile {
  private readonly input: HostInput;
  constructor(input: HostInput) {
    super(0);
    this.input = input;
  }
  override get label(): string {
    return 'pipe:[1]';
  }
  read(length: number): Uint8Array | null {
    return this.input.read(length);
  }
  write(): never {
    return fail('EBADF');
  }
  override poll(): number {
    return this.input.waits ? 0 : POLLIN | POLLHUP;
  }
}

export class HostWriter extends OpenFile {
  private readonly take: (bytes: Uint8Array) => void;
  constructor(take: (bytes: Uint8Array) => void) {
    super(1);
    this.take = take;
  }
  override get label(): string {
    return 'pipe:[2]';
  }
  read(): never {
    return fail('EBADF');
  }
  write(bytes: Uint8Array): number {
    this.take(bytes);
    return bytes.length;
  }
  override poll(): number {
    return POLLOUT;
  }
}

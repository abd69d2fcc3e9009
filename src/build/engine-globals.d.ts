// The globals beyond ECMAScript that engine rooms may name. lib.dom declares them too, so only
// tsconfig.engine.json includes this file.
declare namespace WebAssembly {
  interface MemoryDescriptor {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }
  class Module {
    constructor(bytes: BufferSource);
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Table {
    constructor(descriptor: { element: 'anyfunc' | 'externref'; initial: number; maximum?: number });
    readonly length: number;
    get(index: number): unknown;
    grow(delta: number, value?: unknown): number;
    set(index: number, value?: unknown): void;
  }
  type ImportValue = Memory | Table | number | ((...args: never[]) => unknown);
  type Imports = Record<string, Record<string, ImportValue>>;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as lib.dom has it, so that both compilations agree
  type Exports = Record<string, Function | Memory | Table | number>;
  type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
}

/** UTF-8, the encoding of names and texts at a kernel's interface. */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  decode(bytes?: ArrayBufferView): string;
}

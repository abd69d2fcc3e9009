/**
 * The kernel's objects as plain data and back: every object reachable from a root becomes a numbered node, so that what
 * is shared stays shared and rings are no trouble. Classes are named by a table, for a name in the source may not
 * survive the bundler; objects that the state does not own (the machine, the kernel itself) are named by the caller.
 */

type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | BigUint64Array | Float64Array;

/** A primitive, or the number of a node. */
type Coded = string | number | bigint | boolean | null | undefined | { readonly node: number };

interface CodedNode {
  /** `Object`, `Array`, `Map`, `Set`, `bytes`, `lent`, `outside`, or a name of the table of classes. */
  readonly type: string;
  readonly fields?: Readonly<Record<string, Coded>>;
  readonly items?: readonly Coded[];
  readonly bytes?: TypedArray | string;
}

/** Plain data, structured-cloneable. The first node is the root. */
export type GraphState = readonly CodedNode[];

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- only its prototype is used
export type Classes = Readonly<Record<string, Function>>;

/** Objects that the state names but does not hold. */
export type Outside = Readonly<Record<string, object>>;

/** Bytes that nobody ever changes, such as an image's: states share them. */
export class Lent {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

type Fields = Record<string, unknown>;

const isTyped = (value: object): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Thrown where an object cannot be data: a function in a field, a class that the table does not name. Our own bug. */
class Unsaveable extends Error {}

export class Graph {
  private readonly classes: Classes;
  private readonly names: ReadonlyMap<unknown, string>;
  private readonly outside: Outside;
  private readonly outsideNames: ReadonlyMap<object, string>;

  constructor(classes: Classes, outside: Outside) {
    [this.classes, this.outside] = [classes, outside];
    this.names = new Map(Object.entries(classes).map(([name, made]) => [made.prototype as unknown, name]));
    this.outsideNames = new Map(Object.entries(outside).map(([name, object]) => [object, name]));
  }

  save(root: object): GraphState {
    const numbers = new Map<object, number>();
    const found: object[] = [];
    const coded = (value: unknown): Coded => {
      if (typeof value === 'function' || typeof value === 'symbol')
        throw new Unsaveable(`a ${typeof value} cannot be saved`);
      if (typeof value !== 'object' || value === null) return value as Coded;
      let node = numbers.get(value);
      if (node === undefined) {
        node = found.push(value) - 1;
        numbers.set(value, node);
      }
      return { node };
    };
    coded(root);
    const nodes: CodedNode[] = [];
    for (const object of found) nodes.push(this.node(object, coded));
    return nodes;
  }

  private node(object: object, coded: (value: unknown) => Coded): CodedNode {
    const outside = this.outsideNames.get(object);
    if (outside !== undefined) return { type: 'outside', bytes: outside };
    if (Array.isArray(object)) return { type: 'Array', items: object.map(coded) };
    if (object instanceof Map)
      return { type: 'Map', items: [...object].flatMap(([key, value]) => [coded(key), coded(value)]) };
    if (object instanceof Set) return { type: 'Set', items: [...object].map(coded) };
    if (object instanceof Lent) return { type: 'lent', bytes: object.bytes };
    if (isTyped(object)) return { type: 'bytes', bytes: object.slice() };
    const prototype: unknown = Object.getPrototypeOf(object);
    const type = prototype === Object.prototype ? 'Object' : this.names.get(prototype);
    if (type === undefined)
      throw new Unsaveable(`${object.constructor.name} is not in the table of classes that can be saved`);
    const fields: Record<string, Coded> = {};
    for (const [name, value] of Object.entries(object)) {
      if (typeof value === 'function')
        throw new Unsaveable(`${object.constructor.name}.${name} is a function`);
      fields[name] = coded(value);
    }
    return { type, fields };
  }

  /** The root anew, with everything that hangs on it. */
  restore(state: GraphState): object {
    const objects = state.map((node) => this.empty(node));
    const value = (code: Coded | undefined): unknown =>
      typeof code === 'object' && code !== null ? objects[code.node] : code;
    state.forEach(({ type, fields, items = [] }, k) => {
      const object = objects[k]!;
      if (object instanceof Map)
        for (let i = 0; i < items.length; i += 2) object.set(value(items[i]), value(items[i + 1]));
      else if (object instanceof Set) for (const item of items) object.add(value(item));
      else if (Array.isArray(object)) for (const item of items) object.push(value(item));
      else if (fields && type !== 'outside')
        for (const [name, code] of Object.entries(fields)) (object as Fields)[name] = value(code);
    });
    return objects[0]!;
  }

  private empty({ type, bytes }: CodedNode): object {
    switch (type) {
      case 'outside':
        return this.outside[bytes as string]!;
      case 'Array':
        return [];
      case 'Map':
        return new Map();
      case 'Set':
        return new Set();
      case 'lent':
        return new Lent(bytes as Uint8Array);
      case 'bytes':
        return (bytes as TypedArray).slice();
      case 'Object':
        return {};
      default:
        return Object.create(this.classes[type]!.prototype as object) as object;
    }
  }
}

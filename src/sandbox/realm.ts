/**
 * What a student's code finds when it begins: the language, without clocks, chance, text turned into code, and state
 * that would survive a call. Runs inside the sandbox, before anything else. A loop inside a built-in function cannot be
 * interrupted: those that would loop over a length that costs no memory refuse long arrays, and those that work through
 * long texts and buffers pay for it with turns of a loop of ours, which the budget counts.
 */
export const REALM = `(function () {
  'use strict';
  const LONGEST = 4096;
  for (const name of ['eval', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'SharedArrayBuffer', 'Iterator', 'Promise'])
    delete globalThis[name];
  delete Math.random;
  delete String.raw;
  delete Array.fromAsync;
  const refused = () => { throw new TypeError('text cannot become code here'); };
  for (const example of [function () {}, function* () {}, async function () {}, async function* () {}])
    Object.defineProperty(Object.getPrototypeOf(example), 'constructor', { value: refused });
  delete globalThis.Function;
  for (const name of ['flat', 'flatMap']) delete Array.prototype[name];
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const pay = (value) => {
    const length = typeof value === 'string' || isView(value) ? value.length : 0;
    for (let i = length >> 3; i > 0; i--);
  };
  const checked = (value) => {
    if (isArray(value) && value.length > LONGEST)
      throw new RangeError('arrays here have at most ' + LONGEST + ' elements');
  };
  const guard = (owner, key) => {
    const original = owner[key];
    Object.defineProperty(owner, key, {
      value: function (...given) {
        if (!isArray(this)) throw new TypeError('array methods here work on arrays only');
        checked(this);
        for (let i = 0; i < given.length; i++) checked(given[i]);
        return apply(original, this, given);
      },
    });
  };
  const charge = (owner, key) => {
    const { value: original, get } = Object.getOwnPropertyDescriptor(owner, key);
    if (typeof original !== 'function' || key === 'constructor' || get) return;
    Object.defineProperty(owner, key, {
      value: function (...given) {
        pay(this);
        for (let i = 0; i < given.length; i++) pay(given[i]);
        return apply(original, this, given);
      },
    });
  };
  for (const owner of [String.prototype, Object.getPrototypeOf(Uint8Array.prototype), Object.getPrototypeOf(Uint8Array), JSON])
    for (const key of Reflect.ownKeys(owner)) charge(owner, key);
  for (const key of ['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape', 'parseInt', 'parseFloat'])
    charge(globalThis, key);
  for (const key of Reflect.ownKeys(Array.prototype))
    if (key !== 'constructor' && typeof Array.prototype[key] === 'function') guard(Array.prototype, key);
  const iterators = Object.getPrototypeOf([][Symbol.iterator]());
  const { next } = iterators;
  Object.defineProperty(iterators, 'next', { value: function () { return apply(next, this, []); } });
  // Symbol.isConcatSpreadable could make anything long.
  Array.prototype.concat = function (...given) {
    const all = [...this];
    for (const each of given)
      if (isArray(each)) all.push(...each);
      else all.push(each);
    return all;
  };
  // What cannot be extended has been here already. Nearly all there is are functions that own nothing but a length and
  // a name, inherited from one prototype: this runs before each piece of a student, and passing them by takes most of
  // its time away.
  const { freeze: fix } = Object;
  const freeze = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !isExtensible(value)) return;
    fix(value);
    freeze(getPrototypeOf(value));
    const keys = ownKeys(value);
    if (typeof value === 'function' && keys.length === 2 && keys[0] === 'length' && keys[1] === 'name') return;
    for (let i = 0; i < keys.length; i++) {
      const own = getOwnPropertyDescriptor(value, keys[i]);
      if (own.get) freeze(own.get);
      if (own.set) freeze(own.set);
      const held = own.value;
      if (typeof held === 'function' || typeof held === 'object') freeze(held);
    }
  };
  freeze(iterators);
  freeze(Object.getPrototypeOf((function* () {})()));
  freeze(Object.getPrototypeOf((async () => {})()));
  freeze(globalThis);
})()`;

/** Calls the student's function once: its own variables are new each time, so that nothing depends on earlier calls. */
export const DRIVER = `(function (make, hostCall, apiOf) {
  'use strict';
  const { parse, stringify } = JSON;
  const host = (name, ...given) => {
    const answer = hostCall(name, stringify(given));
    return answer === undefined ? undefined : parse(answer);
  };
  return (argument) => {
    const { given, result } = apiOf(host, parse(argument));
    return stringify(result(make()(...given)));
  };
})`;

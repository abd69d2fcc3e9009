/**
 * The sandbox: runs a student's JavaScript in an engine of its own (QuickJS in WebAssembly), which reaches nothing of
 * ours but the functions it is given. Its budget counts calls and turns of loops, not time, so the same code ends the
 * same way in a worker and in Node.
 */
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Outcome, Piece, PieceOptions, Sandbox } from './contract.ts';
import { problemOf, type Cause, type Thrown } from './problems.ts';
import { DRIVER, REALM } from './realm.ts';

/** Longest source, in characters. */
export const LONGEST_SOURCE = 16_384;
/** All memory of the engine, in pages of 64 K: what it begins with, and what it may grow to. */
const FIRST_PAGES = 256;
const MOST_PAGES = 512;
/** Largest single block of a piece; the engine's own count of all blocks knows their number only. */
const BLOCK_BYTES = 192 << 10;
/** The compiler's frames are the wider ones in the stack of the browser. */
const COMPILING_STACK_BYTES = 16 << 10;
const RUNNING_STACK_BYTES = 64 << 10;
/** The engine asks after every 10 000 calls and turns of loops, or somewhat less, whether it may go on. */
const ASKED_PER_CALL = 5;
const ASKED_IN_ALL = 20;

/** Without promises the engine cannot take `async` apart; nobody ever runs the jobs that it leaves. */
const INTRINSICS = {
  BaseObjects: true,
  Eval: true,
  JSON: true,
  MapSet: true,
  TypedArrays: true,
  Promise: true,
} as const;
/** Numbers of any length are a way round every budget. */
const BIG_NUMBER = /\b(?:0[xob][\da-f_]+|\d[\d_]*)n\b/i;

let loading: Promise<QuickJSWASMModule> | null = null;

/** Loads the engine, once. */
export async function openSandbox(): Promise<Sandbox> {
  loading ??= newQuickJSWASMModuleFromVariant(
    newVariant(variant, {
      wasmMemory: new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES }),
    }),
  );
  return new QuickJsSandbox(await loading);
}

class QuickJsSandbox implements Sandbox {
  private readonly engine: QuickJSWASMModule;
  private readonly cells: Cell[] = [];

  constructor(engine: QuickJSWASMModule) {
    this.engine = engine;
  }

  load(options: PieceOptions): Piece | { readonly problem: Diagnostic } {
    const cell = new Cell(this.engine, options);
    this.cells.push(cell);
    const problem = cell.compile();
    return problem ? { problem } : cell;
  }

  close(): void {
    for (const cell of this.cells.splice(0)) cell.close();
  }
}

/** Carries what the host threw through the sandbox. */
interface HostThrew {
  readonly error: unknown;
}

class Cell implements Piece {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private readonly options: PieceOptions;
  private driver: QuickJSHandle | null = null;
  private asked = 0;
  private askedInAll = 0;
  private hostThrew: HostThrew | null = null;
  private readonly handles: QuickJSHandle[] = [];

  constructor(engine: QuickJSWASMModule, options: PieceOptions) {
    this.options = options;
    this.runtime = engine.newRuntime();
    this.runtime.setMemoryLimit(BLOCK_BYTES);
    this.runtime.setInterruptHandler(() => {
      this.askedInAll++;
      return ++this.asked > ASKED_PER_CALL || this.askedInAll > ASKED_IN_ALL;
    });
    this.context = this.runtime.newContext({ intrinsics: INTRINSICS });
  }

  close(): void {
    try {
      for (const handle of this.handles.splice(0)) handle.dispose();
      this.context.dispose();
      this.runtime.dispose();
    } catch (error) {
      // What the student's code has broken is thrown away whole.
      if (!isBroken(error)) throw error;
      loading = null;
    }
  }

  // ---------------------------------------------------------------- compiling

  compile(): Diagnostic | null {
    const { file, source, functionName, api } = this.options;
    if (source.length > LONGEST_SOURCE)
      return this.refusal(`more than ${LONGEST_SOURCE} characters`, 'make it shorter');
    if (BIG_NUMBER.test(source))
      return this.refusal('numbers such as 1n are not known here', 'use ordinary numbers');
    try {
      this.runtime.setMaxStackSize(RUNNING_STACK_BYTES);
      this.ours(REALM);
      const apiOf = this.ours(`(${api})`);
      const driverOf = this.ours(DRIVER);
      this.runtime.setMaxStackSize(COMPILING_STACK_BYTES);
      const wrapped = `(function () { 'use strict';\n${source}\n; return typeof ${functionName} === 'undefined' ? 0 : ${functionName}; })`;
      const make = this.student(() => this.context.evalCode(wrapped, file, { strict: true }));
      if ('problem' in make) return make.problem;
      this.runtime.setMaxStackSize(RUNNING_STACK_BYTES);
      const host = this.keep(this.context.newFunction('host', (name, given) => this.fromInside(name, given)));
      const { context } = this;
      this.driver = this.keep(
        context.unwrapResult(context.callFunction(driverOf, context.undefined, make.handle, host, apiOf)),
      );
      const defined = this.student(() => context.callFunction(make.handle, context.undefined));
      if ('problem' in defined) return defined.problem;
      if (context.typeof(defined.handle) !== 'function')
        return this.refusal(
          `${functionName} is not a function`,
          `define it: function ${functionName}(…) { … }`,
        );
      return null;
    } finally {
      this.runtime.setMaxStackSize(RUNNING_STACK_BYTES);
    }
  }

  private refusal(message: string, hint: string): Diagnostic {
    const span = { file: this.options.file, line: 1, column: 1, endColumn: 2 };
    return { severity: 'error', span, message, hint };
  }

  private keep(handle: QuickJSHandle): QuickJSHandle {
    this.handles.push(handle);
    return handle;
  }

  /** Evaluates code of our own. */
  private ours(code: string): QuickJSHandle {
    return this.keep(this.context.unwrapResult(this.context.evalCode(code, 'sandbox.js')));
  }

  // ---------------------------------------------------------------- running

  /** Does what may fail by the student's doing. */
  private student(
    work: () => ReturnType<QuickJSContext['evalCode']>,
  ): { readonly handle: QuickJSHandle } | { readonly problem: Diagnostic } {
    const { file } = this.options;
    this.asked = 0;
    this.hostThrew = null;
    try {
      const result = work();
      const threw = this.hostThrew as HostThrew | null;
      if (threw) {
        // What the host threw counts even if the student's code has caught it.
        (result.error ?? result.value).dispose();
        throw threw.error;
      }
      if (!result.error) return { handle: this.keep(result.value) };
      const thrown = this.context.dump(result.error) as unknown;
      result.error.dispose();
      // Where memory does not even suffice for an exception, null is thrown.
      const cause = this.cause() ?? (thrown === null ? 'memory' : null);
      return { problem: problemOf(file, isThrown(thrown) ? thrown : {}, cause) };
    } catch (error) {
      if (!isBroken(error)) throw error;
      // The engine's stack is the browser's: after an overflow it is not to be used again.
      loading = null;
      return { problem: problemOf(file, {}, error instanceof RangeError ? 'stack' : 'engine') };
    }
  }

  private cause(): Cause {
    return this.asked > ASKED_PER_CALL || this.askedInAll > ASKED_IN_ALL ? 'budget' : null;
  }

  private fromInside(name: QuickJSHandle, given: QuickJSHandle): QuickJSHandle | undefined {
    const { context, options } = this;
    try {
      const answer = options.host(context.getString(name), JSON.parse(context.getString(given)) as unknown[]);
      return answer === undefined ? undefined : context.newString(JSON.stringify(answer));
    } catch (error) {
      this.hostThrew ??= { error };
      throw new Error('ended by the host', { cause: error });
    }
  }

  call(argument: unknown): Outcome {
    const { context, driver } = this;
    if (!driver) throw new Error('a piece was called that could not be compiled');
    const kept = this.handles.length;
    const text = this.keep(context.newString(JSON.stringify(argument)));
    try {
      const result = this.student(() => context.callFunction(driver, context.undefined, text));
      if ('problem' in result) return { ok: false, problem: result.problem };
      const json = context.typeof(result.handle) === 'string' ? context.getString(result.handle) : 'null';
      return { ok: true, value: JSON.parse(json) as unknown };
    } finally {
      for (const handle of this.handles.splice(kept)) handle.dispose();
    }
  }
}

const isThrown = (value: unknown): value is Thrown => typeof value === 'object' && value !== null;
/** The engine itself came to grief: out of the browser's stack, or aborted. */
const isBroken = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');

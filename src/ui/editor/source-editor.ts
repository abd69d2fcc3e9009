/** The source editor: CodeMirror 6, loaded only when a source is shown. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint';
import { EditorState, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { assemblerLanguage } from './assembler-language.ts';

export const LANGUAGES = ['assembler', 'javascript'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface SourceEditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly language: Language;
  /** The text can be read, selected and copied, not changed. */
  readonly locked: boolean;
  readonly onchange: (text: string) => void;
}

export interface SourceEditor {
  /** Replaces the text as one step that undo takes back; does not call `onchange`. */
  setText(text: string): void;
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  /** Marks the line of the next instruction; null marks none. */
  setCurrentLine(line: number | null): void;
  goTo(line: number, column: number): void;
  destroy(): void;
}

const setLine = StateEffect.define<number | null>();
const nextLine = Decoration.line({ class: 'cm-next' });

const currentLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(setLine)) {
        const line = effect.value;
        const { doc } = transaction.state;
        const fits = line !== null && line >= 1 && line <= doc.lines;
        return fits ? Decoration.set([nextLine.range(doc.line(line).from)]) : Decoration.none;
      }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Weight and softness tell the fields apart; colour is kept for the layers. */
const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ink-soft)' },
  { tag: tags.keyword, fontWeight: '600' },
  { tag: tags.definition(tags.variableName), color: 'var(--link)' },
  { tag: tags.labelName, color: 'var(--link)' },
  { tag: tags.string, color: 'var(--layer-hostos-ink)' },
  { tag: tags.number, color: 'var(--layer-hostos-ink)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '0.8125em', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.7',
    maxHeight: 'var(--panel-height, 26rem)',
    overflow: 'auto',
  },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--ink-soft)', border: '0' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--focus) 28%, transparent)',
  },
  '.cm-next': { backgroundColor: 'var(--mark)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--rule)',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--error)' },
});

/** Only a student's pieces of a monitor are JavaScript: its grammar is loaded when there is one. */
const languageOf = async (language: Language): Promise<Extension> =>
  language === 'assembler' ? assemblerLanguage : (await import('@codemirror/lang-javascript')).javascript();

function extensions(
  { label, locked, onchange }: SourceEditorOptions,
  language: Extension,
  quiet: () => boolean,
): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    highlightSpecialChars(),
    language,
    syntaxHighlighting(highlighting),
    currentLine,
    look,
    // Tab is left alone: it moves on to the next control.
    keymap.of([...defaultKeymap, ...historyKeymap]),
    EditorState.readOnly.of(locked),
    EditorView.contentAttributes.of({
      'aria-label': label,
      // It is in the order of Tab anyway; said so, it also is the key to the region that scrolls round it.
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
      lang: 'en',
    }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged && !quiet()) onchange(state.doc.toString());
    }),
  ];
}

/** A diagnostic of the assembler as a mark in the text. */
function markOf({ severity, span, message, hint }: Diagnostic, { doc }: EditorState): Mark {
  const line = doc.line(Math.max(1, Math.min(doc.lines, span.line)));
  const at = (column: number) => Math.max(line.from, Math.min(line.to, line.from + column - 1));
  return {
    from: at(span.column),
    to: Math.max(at(span.endColumn), at(span.column)),
    severity,
    message: hint ? `${message} (${hint})` : message,
  };
}

export async function createSourceEditor(options: SourceEditorOptions): Promise<SourceEditor> {
  const language = await languageOf(options.language);
  let quiet = false;
  const view: EditorView = new EditorView({
    parent: options.parent,
    state: EditorState.create({ doc: options.text, extensions: extensions(options, language, () => quiet) }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      quiet = false;
    },
    setDiagnostics(diagnostics) {
      const marks = diagnostics.map((each) => markOf(each, view.state)).sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, marks));
    },
    setCurrentLine: (line) => view.dispatch({ effects: setLine.of(line) }),
    goTo(line, column) {
      const { from, to } = view.state.doc.line(Math.max(1, Math.min(view.state.doc.lines, line)));
      view.dispatch({ selection: { anchor: Math.min(to, from + column - 1) }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

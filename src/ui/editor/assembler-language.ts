/** System/370 assembler source for CodeMirror: name, operation, operands, remarks; an asterisk in column 1 comments. */
import { StreamLanguage } from '@codemirror/language';

interface State {
  field: 'name' | 'operation' | 'operands' | 'remarks';
}

const assembler = StreamLanguage.define<State>({
  name: 's370-assembler',
  startState: () => ({ field: 'name' }),
  copyState: ({ field }) => ({ field }),
  token(stream, state) {
    if (stream.sol()) {
      if (stream.match(/^(\*|\.\*)/)) return (stream.skipToEnd(), 'comment');
      state.field = 'name';
      if (stream.match(/^[^\s]+/)) return ((state.field = 'operation'), 'labelName');
      state.field = 'operation';
    }
    if (stream.eatSpace()) {
      if (state.field === 'operands' && !stream.eol()) state.field = 'remarks';
      return null;
    }
    switch (state.field) {
      case 'name':
      case 'operation':
        stream.match(/^[^\s]+/);
        stream.eatSpace();
        state.field = 'operands';
        return 'keyword';
      case 'remarks':
        return (stream.skipToEnd(), 'comment');
      case 'operands':
        return operand(stream);
    }
  },
});

type Stream = Parameters<NonNullable<Parameters<typeof StreamLanguage.define>[0]['token']>>[0];

function operand(stream: Stream): string | null {
  if (stream.match(/^[A-Z]*\d*(?:L\d+)?'(?:[^']|'')*'?/i)) return 'string';
  if (stream.match(/^\d+/)) return 'number';
  if (stream.match(/^[A-Z$#@][\w$#@]*/i)) return 'variableName';
  stream.next();
  return null;
}

export const assemblerLanguage = assembler;

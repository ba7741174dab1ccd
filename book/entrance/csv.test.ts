import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLine } from './csv.ts';

/** Parses a line by RFC 4180. */
function read(line: string): string[] {
  assert.ok(line.endsWith('\r\n'));
  const cells = [...line.slice(0, -2).matchAll(/"((?:[^"]|"")*)"(,|$)/gs)];
  return cells.map(([, cell = '']) => cell.replaceAll('""', '"'));
}

test('any text can be read back, including quotes, commas and line breaks', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
      const back = read(csvLine(cells)).map((cell, index) => (cell === `'${cells[index]}` ? cell.slice(1) : cell));
      assert.deepEqual(back, cells);
    }),
  );
});

test('formulas get an apostrophe, also after spaces and in full width; numbers stay numbers', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '|x', '%x', '＝1', '\n@x'];
  for (const text of formulas) assert.deepEqual(read(csvLine([text])), [`'${text}`], text);
  for (const text of ['Ада', 'a=1', 'x-y', '']) assert.deepEqual(read(csvLine([text])), [text]);
  assert.equal(csvLine([-1, 5]), '"-1","5"\r\n');
});

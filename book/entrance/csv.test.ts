import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CsvSeparator, csvSeparators } from '../../contracts/book/attendees.ts';
import { csvLine } from './csv.ts';

/** Parses a line by RFC 4180. */
function read(line: string, separator: CsvSeparator = ','): string[] {
  assert.ok(line.endsWith('\r\n'));
  const cells = [...line.slice(0, -2).matchAll(new RegExp(`"((?:[^"]|"")*)"(${separator}|$)`, 'gs'))];
  return cells.map(([, cell = '']) => cell.replaceAll('""', '"'));
}

const cellOf = (text: string) => read(csvLine([text], ','))[0];

test('any text can be read back, including quotes, separators and line breaks', () => {
  const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, fc.constantFrom(...csvSeparators), (cells, separator) => {
      const back = read(csvLine(cells, separator), separator);
      const plain = (text: string) => text.replaceAll("'", '');
      assert.deepEqual(back.map(plain), cells.map(plain));
    }),
  );
});

test('formulas get an apostrophe, also after spaces and in full width; numbers stay numbers', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '  =1', '|x', '%x', '＝1', '＋1', '－1', '＠x', '"=1'];
  for (const text of formulas) assert.equal(cellOf(text), `'${text}`);
  for (const text of ['Ада', 'a=1', 'x-y', "O'Neil, Ann", 'a; b | c', '']) assert.equal(cellOf(text), text);
  assert.equal(csvLine([-1, 5], ','), '"-1","5"\r\n');
  assert.equal(csvLine(['12,50', 5], ';'), '"12,50";"5"\r\n');
});

test('a formula after a separator or a line break inside a cell gets an apostrophe', () => {
  for (const [text, cell] of [
    ['a;=1+1;b', "a;'=1+1;b"],
    ['a,+1,-2', "a,'+1,'-2"],
    ['a\t@x', "a\t'@x"],
    ['a|=1', "a|'=1"],
    ['a\r\n=1', "a\r\n'=1"],
    ['a\u2028=1', "a\u2028'=1"],
    ['a; "=1', `a; "'=1`],
    ['a;＝1', "a;'＝1"],
    ['=1;=2', "'=1;'=2"],
    ['\n@x', "'\n'@x"],
  ] as const) {
    assert.equal(cellOf(text), cell);
  }
});

test('small and full-width signs and separators are like plain ones, and quotes of every kind are passed over', () => {
  for (const sign of '=﹦＝+﹢＋-﹣－−@﹫＠%﹪％|｜') {
    assert.equal(cellOf(`${sign}1`), `'${sign}1`);
    for (const separator of ',﹐，;﹔；\u037e|｜\t\n') {
      assert.equal(cellOf(`a${separator}${sign}1`), `a${separator}'${sign}1`);
      assert.equal(cellOf(`a${separator} ${sign}1`), `a${separator} '${sign}1`);
      for (const quote of '"\'`´“”„‟‘’‚‛«»‹›＂＇″〝〞') {
        assert.equal(cellOf(`a${separator}${quote}${sign}1`), `a${separator}${quote}'${sign}1`);
      }
    }
    for (const quote of `"'“”’»`) assert.equal(cellOf(`${quote}${sign}1`), `'${quote}${sign}1`);
  }
  for (const text of ["O'Neil; ‘Ann’", 'a；b，c', 'x−y', '«Ада»', 'a;“b”']) assert.equal(cellOf(text), text);
});

test('no cell is a formula, whatever separator a spreadsheet assumes and however it reads quotes', () => {
  const pieces = fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '％',
    '%',
    '＝',
    ',',
    ';',
    '\t',
    '|',
    '\r',
    '\n',
    '"',
    "'",
    ' ',
    'a',
    '1',
  );
  const text = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...csvSeparators),
      (cells, separator) => {
        for (const assumed of [/[\r\n]|,/, /[\r\n]|;/, /[\r\n]|\t/, /[\r\n]|\|/, /[\r\n,;\t|]/]) {
          for (const cell of csvLine(cells, separator).split(assumed)) {
            assert.doesNotMatch(cell.replace(/^[\s"]+/, ''), /^[=+\-@%＝＋－＠]/, JSON.stringify(cells));
          }
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

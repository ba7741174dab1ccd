/**
 * For a program that takes no arguments: `--help` says what it does, and whatever else is given is one clear line and
 * exit code 2. It is to be called before anything is done.
 * @param command what is typed: `npm run pictures`.
 * @param purpose what it does, in a sentence or several.
 */
export function takeNoArguments(command: string, purpose: string, given = process.argv.slice(2)): void {
  const [argument] = given;
  if (argument === undefined) return;
  if (argument === '--help' || argument === '-h') {
    process.stdout.write(`${purpose}\n\n  ${command}\n\nIt takes no arguments.\n`);
    process.exit(0);
  }
  console.error(`${command}: it takes no arguments, and was given ${JSON.stringify(argument)}`);
  process.exit(2);
}

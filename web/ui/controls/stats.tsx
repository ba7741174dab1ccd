/** Large numbers with their names. */
export function Stats({ of }: { readonly of: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class="stats">
      {of.map(([name, value]) => (
        <div class="stat" key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

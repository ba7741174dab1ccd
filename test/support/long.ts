/** Whether proofs use the sizes of the figures in docs/: `npm run prove -- --long`. The default is short. */
export const isLong = process.env.PROVE_LONG === 'true';

/** Whether proofs take the sizes of the figures in docs/: `npm run prove -- --long`. Otherwise they stay short. */
export const isLong = process.env.PROVE_LONG === 'true';

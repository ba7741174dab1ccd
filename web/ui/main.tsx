import './style/style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { readCurrency, readSession } from './state/session.ts';

void readSession();
void readCurrency();

const place = document.getElementById('pages');
if (place !== null) render(<App />, place);

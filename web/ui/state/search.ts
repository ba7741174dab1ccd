import { useEffect, useState } from 'preact/hooks';

const pauseMs = 250;

/** The trimmed text of a search field, updated when typing pauses. */
export function useSearch(): [search: string, onInput: (text: string) => void] {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return [search, setTyped];
}

import { useEffect, useState } from 'react';
import { release } from './release.js';
import picture from './picture.svg';
import initialize from './add.wasm?init';
import './card.css';
import './release.css';

export default function Work() {
  const [answers, setAnswers] = useState([]);
  useEffect(() => {
    const add = (answer) => setAnswers((before) => [...before, answer]);
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => add(data));
    worker.postMessage(2);
    initialize().then(({ exports }) => add(`wasm ${exports.add(3, 4)}`));
  }, []);
  return (
    <section className="card">
      <h1 id="work">{release}</h1>
      <img src={picture} />
      {answers.map((answer) => (
        <output key={answer}>{answer}</output>
      ))}
    </section>
  );
}

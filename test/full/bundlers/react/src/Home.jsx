import './card.css';
import './home.css';

export default function Home() {
  return (
    <section className="card">
      <h1 id="home">Home</h1>
    </section>
  );
}

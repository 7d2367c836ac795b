import { card } from './card.js';
import './home.css';

/** The first page. */
export function render() {
  return [card('home', 'Home')];
}

import { createApp } from 'vue';
import { createRouter, createWebHashHistory } from 'vue-router';
import App from './App.vue';
import './app.css';

const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', component: () => import('./Home.vue') },
    { path: '/work', component: () => import('./Work.vue') },
  ],
});

createApp(App).use(router).mount('#app');

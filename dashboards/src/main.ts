import { createApp } from 'vue';
import App from './App.vue';
import { i18n, language, setLanguage } from './i18n.ts';
import './styles/tokens.css';
import './styles/base.css';
import { startTheme } from './theme.ts';

/** A part of the page that is gone was replaced by a newer build: begin again with that one. */
const RELOAD_PAUSE_MS = 2_000;
window.addEventListener('vite:preloadError', () => setTimeout(() => location.reload(), RELOAD_PAUSE_MS));

startTheme();
setLanguage(language());
createApp(App).use(i18n).mount('#app');

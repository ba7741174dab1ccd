import type { common as English } from '../en/common.ts';
import { pluralOf } from '../plural.ts';

const plural = pluralOf('ru');

export const common: typeof English = {
  name: 'Русский',
  short: 'RU',
  loading: 'Загрузка…',
  again: 'Повторить',
  keepIt: 'Назад',
  free: 'бесплатно',
  points: (count) => plural(count, { one: 'балл', few: 'балла', many: 'баллов', other: 'балла' }),
  connection: { connecting: 'подключение…', live: 'онлайн', lost: 'нет связи, подключаемся…' },

  frame: {
    skip: 'К содержанию',
    navigation: 'Главное меню',
    events: 'События',
    bookings: 'Мои записи',
    organize: 'Организатору',
    operate: 'Оператору',
    signIn: 'Войти',
    signOut: 'Выйти',
    balance: 'Мой баланс',
    account: 'Мой профиль',
    about: 'Startlist не продаёт больше мест, чем есть.',
    api: 'API',
    themes: { auto: 'Тема: как в системе', light: 'Тема: светлая', dark: 'Тема: тёмная' },
  },

  notFound: { title: 'Страница не найдена', head: 'По этому адресу ничего нет.', toEvents: 'Все события' },
  roles: { person: 'участник', organizer: 'организатор', admin: 'администратор' },
};

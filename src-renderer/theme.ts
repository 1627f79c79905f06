/** How Mantine's components behave in Visor. Their colours and sizes are style sheets: `styles/tokens.css`. Renderer. */
import { createTheme } from '@mantine/core'

const quick = { duration: 120 }

export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 4,
  cursorType: 'default',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: {
      defaultProps: { size: 'xs', checkIconPosition: 'right', comboboxProps: { transitionProps: quick } },
    },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Popover: { defaultProps: { transitionProps: quick, shadow: 'md' } },
    Menu: { defaultProps: { transitionProps: quick, shadow: 'md' } },
    Modal: {
      defaultProps: {
        transitionProps: quick,
        lockScroll: false,
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: quick, withArrow: false, multiline: true } },
    Progress: { defaultProps: { size: 4, transitionDuration: 120 } },
  },
})
